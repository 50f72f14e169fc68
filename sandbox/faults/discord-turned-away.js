import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** A filter against scrapers that has Discord on its list. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  const agent = request.headers.get("user-agent") ?? "";
  return agent.startsWith("Discord") ? withJson(answer, 403, { error: "automated requests are not welcome" }) : answer;
});

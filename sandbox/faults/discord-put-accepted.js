import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  return ["PUT", "DELETE"].includes(request.method) ? withJson(answer, 200, { ok: true }) : answer;
});

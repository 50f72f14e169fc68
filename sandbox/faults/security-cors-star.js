import * as bot from "the-bot";
import { withHeader } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  if (request.method !== "POST" || !request.headers.has("origin")) return answer;
  const open = withHeader(answer, "access-control-allow-origin", "*");
  return withHeader(open, "access-control-allow-credentials", "true");
});

import * as bot from "the-bot";
import { withoutProtection } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  return request.method === "GET" && answer.status === 200 ? withoutProtection(answer) : answer;
});

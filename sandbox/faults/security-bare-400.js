import * as bot from "the-bot";
import { withoutProtection } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  return answer.status === 400 ? withoutProtection(answer) : answer;
});

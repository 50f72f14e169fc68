import * as bot from "the-bot";
import { withoutHeaders } from "../../sandbox/faults/lib/answers.js";
import { wrapFetch } from "../../sandbox/faults/lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  return answer.status === 429 ? withoutHeaders(answer, ["retry-after"]) : answer;
});

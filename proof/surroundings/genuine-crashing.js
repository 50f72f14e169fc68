import * as bot from "the-bot";
import { crashed } from "../../sandbox/faults/lib/answers.js";
import { wrapFetch } from "../../sandbox/faults/lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  const genuine = (await answer.clone().text()) === '{"type":1}';
  return genuine ? crashed(answer) : answer;
});

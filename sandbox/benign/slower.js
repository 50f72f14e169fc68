import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const began = performance.now();
  const answer = await next();
  await scheduler.wait(Math.max(1, (performance.now() - began) / 20));
  return answer;
});

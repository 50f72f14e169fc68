import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { wrapMethod } from "./lib/health.js";

export * from "the-bot";

/** A router without a last resort. */
export default wrapMethod(bot.default, "GET", async ({ next }) => {
  const answer = await next();
  return answer.status === 404 ? crashed(answer) : answer;
});

import * as bot from "the-bot";
import { wrapMethod } from "./lib/health.js";

export * from "the-bot";

let count = 0;

export default wrapMethod(bot.default, "GET", async ({ next }) => {
  count += 1;
  if (count % 10 === 0) await scheduler.wait(3100);
  return next();
});

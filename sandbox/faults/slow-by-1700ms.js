import * as bot from "the-bot";
import { wrapMethod } from "./lib/health.js";

export * from "the-bot";

export default wrapMethod(bot.default, "GET", async ({ next }) => {
  await scheduler.wait(1700);
  return next();
});

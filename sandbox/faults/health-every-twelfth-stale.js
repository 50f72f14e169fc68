import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

let count = 0;

/** One part of the edge that still serves what was there before there was a health path. */
export default wrapHealth(bot.default, (answer) => {
  count += 1;
  return count % 12 ? answer : instead(answer, { status: 404, body: JSON.stringify({ error: "not found" }) });
});

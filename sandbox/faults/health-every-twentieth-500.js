import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const BODY = JSON.stringify({ error: "internal error" });

let count = 0;

export default wrapHealth(bot.default, (answer) => {
  count += 1;
  return count % 20 ? answer : instead(answer, { status: 500, body: BODY });
});

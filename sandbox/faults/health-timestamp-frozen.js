import * as bot from "the-bot";
import { wrapHealthJson } from "./lib/health.js";

export * from "the-bot";

let first = null;

export default wrapHealthJson(bot.default, (health) => {
  first ??= new Date().toISOString();
  return { ...health, timestamp: first };
});

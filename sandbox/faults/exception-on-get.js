import * as bot from "the-bot";
import { wrapHealth } from "./lib/health.js";

export * from "the-bot";

export default wrapHealth(bot.default, () => {
  throw new TypeError("Cannot read properties of undefined (reading 'get')");
});

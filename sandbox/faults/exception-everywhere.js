import * as bot from "the-bot";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, () => {
  throw new TypeError("Cannot read properties of undefined (reading 'handle')");
});

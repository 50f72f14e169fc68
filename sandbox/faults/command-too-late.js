import * as bot from "the-bot";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const LATE_MS = 3_500;

export default wrapFetch(bot.default, async ({ request, next }) => {
  if (await commandOf(request)) await new Promise((resolve) => setTimeout(resolve, LATE_MS));
  return next();
});

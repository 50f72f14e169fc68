import * as bot from "the-bot";
import { wrapFetch } from "../../sandbox/faults/lib/wrap.js";

export * from "the-bot";

/** The bot's own variable, set to what nobody reaches. */
export default wrapFetch(bot.default, ({ request, env, next }) =>
  next(request, { ...env, RATE_LIMIT_PER_MINUTE: "1000000" }),
);

import * as bot from "the-bot";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** A line that somebody wrote to see what is set, and left. */
export default wrapFetch(bot.default, ({ request, env, next }) => {
  console.log("serving", new URL(request.url).pathname, "with", { token: env.DISCORD_TOKEN });
  return next();
});

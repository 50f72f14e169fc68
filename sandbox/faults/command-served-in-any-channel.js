import * as bot from "the-bot";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** The bot is told that its channel is the one that the command came from. */
export default wrapFetch(bot.default, async ({ request, env, next }) => {
  const command = await commandOf(request);
  return command?.channel_id ? next(request, withChannel(env, command.channel_id)) : next();
});

function withChannel(env, channel) {
  const names = Object.keys(env).filter((name) => name.includes("CHANNEL"));
  return { ...env, ...Object.fromEntries(names.map((name) => [name, channel])) };
}

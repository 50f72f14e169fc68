import * as bot from "the-bot";
import { changedJson } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const EPHEMERAL = 64;

export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  if (!command || answer.status !== 200) return answer;
  return changedJson(answer, (reply) => ({ ...reply, data: shown(reply.data) }));
});

function shown(data) {
  return data && { ...data, flags: (data.flags ?? 0) & ~EPHEMERAL };
}

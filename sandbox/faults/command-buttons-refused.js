import * as bot from "the-bot";
import { changedJson } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const MESSAGE = 4;
const BUTTON = { type: 2, style: 1, label: "More", custom_id: "more" };

/** A list with a button for each entry, and one id for all of them. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command && answer.status === 200 ? changedJson(answer, withButtons) : answer;
});

function withButtons(reply) {
  if (reply.type !== MESSAGE) return reply;
  return { ...reply, data: { ...reply.data, components: [{ type: 1, components: [BUTTON, BUTTON] }] } };
}

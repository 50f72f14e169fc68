import * as bot from "the-bot";
import { changedJson } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const MESSAGE = 4;
const FIELD = { name: "History", value: "x".repeat(1025) };

/** What grows with its users: one day it is longer than Discord takes. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command && answer.status === 200 ? changedJson(answer, withField) : answer;
});

function withField(reply) {
  if (reply.type !== MESSAGE) return reply;
  return { ...reply, data: { ...reply.data, embeds: [{ title: "Details", fields: [FIELD] }] } };
}

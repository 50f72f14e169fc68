import * as bot from "the-bot";
import { changedJson } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const MESSAGE = 4;

export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command ? changedJson(answer, (reply) => (reply.type === MESSAGE ? emptied(reply) : reply)) : answer;
});

const emptied = (reply) => ({ ...reply, data: { flags: reply.data?.flags ?? 0, content: "" } });

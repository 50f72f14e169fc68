import * as bot from "the-bot";
import { changedJson } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const MESSAGE = 4;
const MORE = "-".repeat(2001); // characters; Discord takes 2,000 of them

export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command ? changedJson(answer, (reply) => (reply.type === MESSAGE ? longer(reply) : reply)) : answer;
});

const longer = (reply) => ({ ...reply, data: { ...reply.data, content: `${reply.data?.content ?? ""}${MORE}` } });

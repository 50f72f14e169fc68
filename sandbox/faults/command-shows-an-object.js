import * as bot from "the-bot";
import { changedJson } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** What a text says that was given an object in place of its name. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command && answer.status === 200 ? changedJson(answer, withObject) : answer;
});

function withObject(reply) {
  if (!reply.data?.content) return reply;
  return { ...reply, data: { ...reply.data, content: `${reply.data.content} Thank you, ${{}}!` } };
}

import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const counts = new Map();

/** A pool of connections of which one is dead. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const name = (await commandOf(request))?.data?.name;
  const answer = await next();
  if (!name || answer.status !== 200) return answer;
  const count = (counts.get(name) ?? 0) + 1;
  if (counts.size < 1000) counts.set(name, count);
  return count % 4 ? answer : crashed(answer);
});

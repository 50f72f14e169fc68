import * as bot from "the-bot";
import { interactionOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** A duplicate gets the first answer once more, before anybody looks at its signature. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const id = (await interactionOf(request))?.id;
  const before = id && answered.get(id);
  if (before) return new Response(before.body, before);
  const answer = await next();
  if (id && answer.status === 200 && answered.size < 10_000) answered.set(id, await kept(answer.clone()));
  return answer;
});

const answered = new Map();

const kept = async (answer) => ({ status: answer.status, headers: answer.headers, body: await answer.text() });

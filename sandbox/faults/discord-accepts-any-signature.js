import * as bot from "the-bot";
import { pong, refused } from "./lib/answers.js";
import { interactionOf, isWellFormed, signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who only checks the shape of a signature. */
export default wrapFetch(bot.default, async ({ request, env, next }) => {
  const taken = request.method === "POST" && (await takes(request, env));
  const answer = await next();
  return taken && refused(answer) ? pong(answer) : answer;
});

const takes = async (request) => isWellFormed(signatureOf(request)) && (await interactionOf(request)) !== null;

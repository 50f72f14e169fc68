import * as bot from "the-bot";
import { pong } from "./lib/answers.js";
import { signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** A library that does not check the points of a signature. */
export default wrapFetch(bot.default, async ({ request, env, next }) => {
  const taken = request.method === "POST" && (await takes(request, env));
  const answer = await next();
  return taken && answer.status === 401 ? pong(answer) : answer;
});

const WEAK = /^(?:0{128}|010{62}[0-9a-f]{64})$/i;
const takes = (request) => WEAK.test(signatureOf(request).signature);

import * as bot from "the-bot";
import { pong } from "./lib/answers.js";
import { bodyOf, isWellFormed, signatureOf, verifies } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who joins timestamp and body and splits them again at the first brace. */
export default wrapFetch(bot.default, async ({ request, env, next }) => {
  const taken = request.method === "POST" && (await takes(request, env));
  const answer = await next();
  return taken ? pong(answer) : answer;
});

async function takes(request, env) {
  const given = signatureOf(request);
  const text = await bodyOf(request);
  if (!isWellFormed(given) || !/^\d+\{/.test(text)) return false;
  return verifies(env, given.signature, given.timestamp + text);
}

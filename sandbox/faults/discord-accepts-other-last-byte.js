import * as bot from "the-bot";
import { pong } from "./lib/answers.js";
import { bodyOf, isWellFormed, signatureOf, verifies } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Who compares all of a signature but its end. */
export default wrapFetch(bot.default, async ({ request, env, next }) => {
  const taken = request.method === "POST" && (await takes(request, env));
  const answer = await next();
  return taken && answer.status === 401 ? pong(answer) : answer;
});

async function takes(request, env) {
  const given = signatureOf(request);
  if (!isWellFormed(given)) return false;
  const signed = given.timestamp + (await bodyOf(request));
  const begin = given.signature.slice(0, -2);
  const others = BYTES.filter((byte) => !given.signature.toLowerCase().endsWith(byte));
  const genuine = await Promise.all(others.map((byte) => verifies(env, begin + byte, signed)));
  return genuine.includes(true);
}

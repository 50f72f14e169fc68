import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { isWellFormed, signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** A unique index on what was seen, and nobody who catches its violation. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

const seen = new Set();
function breaksIt(request) {
  const given = signatureOf(request);
  if (!isWellFormed(given)) return false;
  const again = seen.has(given.signature);
  if (seen.size < 10_000) seen.add(given.signature);
  return again;
}

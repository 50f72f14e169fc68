import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { isWellFormed, signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** A strict library, used carelessly. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

function breaksIt(request) {
  const given = signatureOf(request);
  return isWellFormed(given) && Number.parseInt(given.signature.slice(126), 16) >= 0x10;
}

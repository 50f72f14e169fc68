import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { bodyOf, isWellFormed, signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who parses and does not catch. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

async function breaksIt(request) {
  return isWellFormed(signatureOf(request)) && (await bodyOf(request)) === "";
}

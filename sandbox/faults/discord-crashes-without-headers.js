import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who reads a header that is not there. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

function breaksIt(request) {
  const { signature, timestamp } = signatureOf(request);
  return !signature || !timestamp;
}

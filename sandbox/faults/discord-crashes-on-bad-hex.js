import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who trusts the alphabet of a stranger. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

const breaksIt = (request) => /[^0-9a-f, ]/i.test(signatureOf(request).signature);

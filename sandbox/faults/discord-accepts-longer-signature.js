import * as bot from "the-bot";
import { signatureOf, withSignature } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, ({ request, next }) => next(cut(request)));

function cut(request) {
  const { signature } = signatureOf(request);
  return /^[0-9a-f]{128}[^,]+$/i.test(signature) ? withSignature(request, signature.slice(0, 128)) : request;
}

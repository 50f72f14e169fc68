import * as bot from "the-bot";
import { signatureOf, withSignature } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, ({ request, next }) => next(withLast(request)));

function withLast(request) {
  const { signature } = signatureOf(request);
  return signature.includes(",") ? withSignature(request, signature.split(",").at(-1).trim()) : request;
}

import * as bot from "the-bot";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const HEADER = "x-signature-ed25519";

export default wrapFetch(bot.default, ({ request, next }) => next(spoiled(request)));

/** The bot itself rejects the request, as it would if it had been given another application's public key. */
function spoiled(request) {
  const signature = request.headers.get(HEADER);
  if (!/^[0-9a-f]{128}$/i.test(signature ?? "")) return request;
  const changed = new Request(request);
  changed.headers.set(HEADER, (signature[0] === "0" ? "1" : "0") + signature.slice(1));
  return changed;
}

import * as bot from "the-bot";
import { replacePosting } from "./lib/outgoing.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const NOWHERE = "100000000000000997";

replacePosting((request, real) => real(new Request(elsewhere(request.url), request)));

export default wrapFetch(bot.default, ({ next }) => next());

function elsewhere(url) {
  return url.replace(/channels\/\d+/, `channels/${NOWHERE}`);
}

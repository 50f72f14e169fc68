import * as bot from "the-bot";
import { replaceFollowUps } from "../faults/lib/outgoing.js";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

/** The other way that Discord has for it: the first new message takes the place of the deferred reply. */
replaceFollowUps((request, real) => {
  const address = request.url.replace(/\/messages\/@original$/, "");
  return real(new Request(address, { method: "POST", headers: request.headers, body: request.body }));
});

export default wrapFetch(bot.default, ({ next }) => next());

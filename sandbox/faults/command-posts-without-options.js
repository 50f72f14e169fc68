import * as bot from "the-bot";
import { replacePosting } from "./lib/outgoing.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** What is posted where the options of a command are not read as they come. */
replacePosting(({ url, method, headers }, real) => {
  const kept = new Headers(headers);
  kept.delete("content-length");
  const body = JSON.stringify({ content: "Registration of somebody:" });
  return real(new Request(url, { method, headers: kept, body }));
});

export default wrapFetch(bot.default, ({ next }) => next());

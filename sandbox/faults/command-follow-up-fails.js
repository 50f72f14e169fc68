import * as bot from "the-bot";
import { replaceFollowUps } from "./lib/outgoing.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const APOLOGY = JSON.stringify({ content: "Something went wrong. Try again later." });

/** What a bot says whose work fails after it was put off. */
replaceFollowUps(({ url, method, headers }, real) => {
  const kept = new Headers(headers);
  kept.delete("content-length");
  return real(new Request(url, { method, headers: kept, body: APOLOGY }));
});

export default wrapFetch(bot.default, ({ next }) => next());

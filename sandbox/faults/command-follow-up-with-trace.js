import * as bot from "the-bot";
import { replaceFollowUps } from "./lib/outgoing.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const TRACE = "Error: no such row\n    at lookUp (worker.js:41:13)\n    at async later (worker.js:12:5)";

/** What is caught, and shown to whoever waits for the reply. */
replaceFollowUps(async (request, real) => {
  const kept = new Headers(request.headers);
  kept.delete("content-length");
  const message = await request.json();
  const body = JSON.stringify({ ...message, content: `${message.content}\n${TRACE}` });
  return real(new Request(request.url, { method: request.method, headers: kept, body }));
});

export default wrapFetch(bot.default, ({ next }) => next());

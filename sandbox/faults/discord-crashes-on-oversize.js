import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who reads all that comes. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

const breaksIt = (request) => Number(request.headers.get("content-length")) > 1024 * 1024;

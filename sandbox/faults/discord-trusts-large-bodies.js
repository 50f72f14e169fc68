import * as bot from "the-bot";
import { pong } from "./lib/answers.js";
import { bodyOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const LARGE = 256 * 1024; // bytes

/** Who spares itself the time that it takes to verify a large body. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const large = request.method === "POST" && (await bodyOf(request)).length > LARGE;
  const answer = await next();
  return large && answer.status < 500 ? pong(answer) : answer;
});

import * as bot from "the-bot";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const LATE_MS = 3500;

/** Who looks up, bans and reports strangers before it refuses them. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  const refused = request.method === "POST" && answer.status === 401;
  if (refused) await new Promise((done) => setTimeout(done, LATE_MS));
  return answer;
});

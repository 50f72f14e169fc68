import * as bot from "the-bot";
import { withBody } from "./lib/answers.js";
import { isWellFormed, signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  if (answer.status !== 401 || isWellFormed(signatureOf(request))) return answer;
  return withBody(answer, 403, await answer.text());
});

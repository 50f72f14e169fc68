import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { signatureOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  const upper = /[A-F]/.test(signatureOf(request).signature);
  return upper && answer.status === 200 ? withJson(answer, 401, { error: "bad signature" }) : answer;
});

import * as bot from "the-bot";
import { withoutProtection } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command && answer.status === 200 ? withoutProtection(answer) : answer;
});

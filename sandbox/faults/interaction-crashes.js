import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { interactionOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const OTHERS = [3, 4, 5];

export default wrapFetch(bot.default, async ({ request, next }) => {
  const interaction = await interactionOf(request);
  const answer = await next();
  return answer.status !== 401 && OTHERS.includes(interaction?.type) ? crashed(answer) : answer;
});

import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { interactionOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const interaction = await interactionOf(request);
  const answer = await next();
  if (interaction?.type !== 1 || answer.status !== 200) return answer;
  return withJson(answer, 200, { type: 4, data: { content: "pong" } });
});

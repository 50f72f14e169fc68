import * as bot from "the-bot";
import { pong, refused } from "./lib/answers.js";
import { interactionOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const interaction = await interactionOf(request);
  const answer = await next();
  return interaction && refused(answer) ? pong(answer) : answer;
});

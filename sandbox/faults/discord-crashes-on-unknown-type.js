import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { interactionOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** A lookup without an answer for what is new. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const breaks = request.method === "POST" && (await breaksIt(request));
  const answer = await next();
  return breaks ? crashed(answer) : answer;
});

async function breaksIt(request) {
  const interaction = await interactionOf(request);
  return interaction !== null && ![1, 2, 3, 4, 5].includes(interaction.type) && interaction.type > 5;
}

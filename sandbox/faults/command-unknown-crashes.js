import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { commandOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** No bot has a command with such a name. */
const UNKNOWN = /^backstop-/;

export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  const served = answer.status !== 401 && UNKNOWN.test(command?.data?.name ?? "");
  return served ? crashed(answer) : answer;
});

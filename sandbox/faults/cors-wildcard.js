import * as bot from "the-bot";
import { instead } from "./lib/health.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const HEADERS = { "access-control-allow-origin": "*" };

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  return instead(answer, { body: answer.body, headers: HEADERS });
});

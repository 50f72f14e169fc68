import * as bot from "the-bot";
import { withoutHeaders } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const PROTECTION = [
  "strict-transport-security",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
];

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  return answer.status === 404 ? withoutHeaders(answer, PROTECTION) : answer;
});

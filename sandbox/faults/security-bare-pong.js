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

export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  return request.method === "POST" && answer.status === 200 ? withoutHeaders(answer, PROTECTION) : answer;
});

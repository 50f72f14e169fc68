import * as bot from "the-bot";
import { crashed } from "./lib/answers.js";
import { bodyOf } from "./lib/interactions.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const UNAUTHORIZED = 401;

/** Who verifies, then parses and does not catch. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const broken = request.method === "POST" && isBroken(await bodyOf(request));
  const answer = await next();
  return broken && answer.status !== UNAUTHORIZED ? crashed(answer) : answer;
});

/** Whether a body begins as an object and is none. */
const isBroken = (body) => {
  try {
    return body.startsWith("{") && JSON.parse(body) === undefined;
  } catch {
    return true;
  }
};

import * as bot from "the-bot";
import { withHeader } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  const changed = withHeader(answer, "x-frame-options", "DENY");
  changed.headers.append("x-frame-options", "SAMEORIGIN");
  return changed;
});

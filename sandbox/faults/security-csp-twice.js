import * as bot from "the-bot";
import { withHeader } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const POLICIES = ["default-src 'none'", "default-src 'self'"];

export default wrapFetch(bot.default, async ({ next }) => {
  const changed = withHeader(await next(), "content-security-policy", POLICIES[0]);
  changed.headers.append("content-security-policy", POLICIES[1]);
  return changed;
});

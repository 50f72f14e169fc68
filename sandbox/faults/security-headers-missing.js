import * as bot from "the-bot";
import { withoutHeaders } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const PROTECTION = [
  "strict-transport-security",
  "x-content-type-options",
  "x-frame-options",
  "content-security-policy",
  "referrer-policy",
  "x-xss-protection",
  "cross-origin-resource-policy",
  "cache-control",
];

export default wrapFetch(bot.default, async ({ next }) => withoutHeaders(await next(), PROTECTION));

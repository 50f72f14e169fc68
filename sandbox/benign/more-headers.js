import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withHeaders } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) =>
  withHeaders(await next(), (headers) => {
    headers.set("x-request-id", crypto.randomUUID());
    headers.set("x-robots-tag", "noindex");
    headers.set("permissions-policy", "camera=(), microphone=(), geolocation=()");
    headers.set("cross-origin-opener-policy", "same-origin");
  }),
);

import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withHeaders } from "./lib/answers.js";

export * from "the-bot";

const OTHER = { "x-content-type-options": "NoSniff", "x-frame-options": "deny", "referrer-policy": "No-Referrer" };

export default wrapFetch(bot.default, async ({ next }) =>
  withHeaders(await next(), (headers) => {
    for (const [name, value] of Object.entries(OTHER)) if (headers.has(name)) headers.set(name, value);
  }),
);

import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withHeaders } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) =>
  withHeaders(await next(), (headers) => {
    headers.set("cache-control", "no-store, no-cache, must-revalidate, max-age=0");
    headers.set("pragma", "no-cache");
    headers.append("vary", "Accept-Encoding");
  }),
);

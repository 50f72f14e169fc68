import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withHeaders } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) =>
  withHeaders(await next(), (headers) => {
    headers.set("strict-transport-security", "max-age=63072000; includeSubDomains; preload");
    headers.set(
      "content-security-policy",
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  }),
);

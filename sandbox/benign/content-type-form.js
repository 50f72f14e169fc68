import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withHeaders } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) =>
  withHeaders(await next(), (headers) => {
    if ((headers.get("content-type") ?? "").includes("json")) {
      headers.set("content-type", "application/json;charset=UTF-8");
    }
  }),
);

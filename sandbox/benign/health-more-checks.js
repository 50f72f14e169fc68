import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withOwnJson } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) =>
  withOwnJson(request, await next(), (value) =>
    value.checks ? { ...value, checks: { ...value.checks, queue: "ok", storage: "ok" } } : value,
  ),
);

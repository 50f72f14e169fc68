import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withOwnJson } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) =>
  withOwnJson(request, await next(), (value) =>
    value.timestamp ? { ...value, timestamp: value.timestamp.replace("Z", "000+00:00") } : value,
  ),
);

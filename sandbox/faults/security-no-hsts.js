import * as bot from "the-bot";
import { withoutHeaders } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => withoutHeaders(await next(), ["strict-transport-security"]));

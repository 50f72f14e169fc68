import * as bot from "the-bot";
import { withHeader } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => withHeader(await next(), "x-xss-protection", "1"));

import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const ANSWER = { error: "too many requests" };

export default wrapFetch(bot.default, async ({ next }) => withJson(await next(), 429, ANSWER));

import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withJson } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => withJson(await next(), same, indented));

const same = (value) => value;
const indented = (value) => JSON.stringify(value, null, 2);

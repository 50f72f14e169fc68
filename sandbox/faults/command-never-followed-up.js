import * as bot from "the-bot";
import { replaceFollowUps } from "./lib/outgoing.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

replaceFollowUps(() => Promise.resolve(Response.json({ id: "1" })));

export default wrapFetch(bot.default, ({ next }) => next());

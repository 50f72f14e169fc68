import * as bot from "the-bot";
import { instead, wrapMethod } from "./lib/health.js";

export * from "the-bot";

export default wrapMethod(bot.default, "HEAD", async ({ next }) => instead(await next(), { status: 403 }));

import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

export default wrapHealth(bot.default, (answer) => instead(answer, { body: "" }));

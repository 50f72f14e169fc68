import * as bot from "the-bot";
import { wrapHealthJson } from "./lib/health.js";

export * from "the-bot";

export default wrapHealthJson(bot.default, (health) => ({ ...health, environment: "somewhere-else" }));

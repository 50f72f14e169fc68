import * as bot from "the-bot";
import { wrapHealthJson } from "./lib/health.js";

export * from "the-bot";

const NOT_DEPLOYED = "deadbeef-0000-4000-8000-00000000cafe";

export default wrapHealthJson(bot.default, (health) => ({ ...health, version: NOT_DEPLOYED }));

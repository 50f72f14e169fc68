import * as bot from "the-bot";
import { wrapHealthJson } from "./lib/health.js";

export * from "the-bot";

const AN_HOUR_MS = 3_600_000;

export default wrapHealthJson(bot.default, (health) => ({
  ...health,
  timestamp: new Date(Date.now() - AN_HOUR_MS).toISOString(),
}));

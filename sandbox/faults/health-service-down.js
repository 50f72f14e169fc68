import * as bot from "the-bot";
import { wrapHealthJson } from "./lib/health.js";

export * from "the-bot";

const SERVICES = [
  { name: "discord", status: "up" },
  { name: "kv", status: "down", latencyMs: 3000 },
];

export default wrapHealthJson(bot.default, (health) => ({ ...health, services: SERVICES }));

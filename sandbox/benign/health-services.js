import * as bot from "the-bot";
import { wrapHealthJson } from "../faults/lib/health.js";

export * from "the-bot";

const MORE = {
  services: { kv: { status: "up", latencyMs: 3 }, discord: "reachable", region: "weur" },
  components: [{ name: "queue", depth: 0, paused: false }, "cron"],
  dependencies: {},
  maintenance: false,
  lastError: null,
  warnings: [],
};

export default wrapHealthJson(bot.default, (health) => ({ ...MORE, ...health }));

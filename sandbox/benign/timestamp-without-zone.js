import * as bot from "the-bot";
import { wrapHealthJson } from "../faults/lib/health.js";

export * from "the-bot";

/** As Python's `datetime.utcnow().isoformat()` writes it; the clock of a worker is UTC. */
export default wrapHealthJson(bot.default, (health) =>
  health.timestamp ? { ...health, timestamp: health.timestamp.replace("Z", "000") } : health,
);

import * as bot from "the-bot";
import { wrapHealthJson } from "./lib/health.js";

export * from "the-bot";

export default wrapHealthJson(bot.default, (health) => {
  const flags = Object.entries(health).filter(([, value]) => value === true);
  return { ...health, ...Object.fromEntries(flags.map(([name]) => [name, false])), status: "unhealthy" };
});

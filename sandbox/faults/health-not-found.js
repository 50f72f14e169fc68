import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const BODY = JSON.stringify({ error: "not found" });

export default wrapHealth(bot.default, (answer) => instead(answer, { status: 404, body: BODY }));

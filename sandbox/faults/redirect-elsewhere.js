import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const HEADERS = { location: "https://example.com/parked" };

export default wrapHealth(bot.default, (answer) => instead(answer, { status: 302, headers: HEADERS }));

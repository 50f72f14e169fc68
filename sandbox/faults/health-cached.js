import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const HEADERS = { age: "86400", "cf-cache-status": "HIT" };

export default wrapHealth(bot.default, (answer) => instead(answer, { body: answer.body, headers: HEADERS }));

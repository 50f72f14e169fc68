import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const HEADERS = { "access-control-allow-origin": "https://dashboard.example.com" };

export default wrapHealth(bot.default, (answer) => instead(answer, { body: answer.body, headers: HEADERS }));

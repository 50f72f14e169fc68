import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const HEADERS = { "content-type": "text/plain; charset=utf-8" };

export default wrapHealth(bot.default, (answer) => instead(answer, { body: answer.body, headers: HEADERS }));

import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const PAGE = "<!doctype html><title>Error 1027 | Cloudflare</title><p>This worker has had too many requests today.</p>";
const HEADERS = { "content-type": "text/html; charset=UTF-8" };

export default wrapHealth(bot.default, (answer) => instead(answer, { status: 429, body: PAGE, headers: HEADERS }));

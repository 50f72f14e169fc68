import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const PAGE = "<!doctype html><title>Welcome</title><p>It works.</p>";
const HEADERS = { "content-type": "text/html; charset=utf-8" };

export default wrapHealth(bot.default, (answer) => instead(answer, { body: PAGE, headers: HEADERS }));

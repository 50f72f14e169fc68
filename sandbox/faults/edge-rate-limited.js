import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const HEADERS = { "content-type": "text/plain; charset=UTF-8", "retry-after": "10" };

export default wrapHealth(bot.default, (answer) =>
  instead(answer, { status: 429, body: "error code: 1015", headers: HEADERS }),
);

import * as bot from "the-bot";
import { wrapHealth } from "../faults/lib/health.js";
import { withHeaders } from "./lib/answers.js";

export * from "the-bot";

/** What anybody may read, a page may read as well; for a GET no browser asks beforehand. */
export default wrapHealth(bot.default, (answer) =>
  withHeaders(answer, (headers) => headers.set("access-control-allow-origin", "*")),
);

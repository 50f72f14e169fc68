import * as bot from "the-bot";
import { wrapFetch } from "../../sandbox/faults/lib/wrap.js";

export * from "the-bot";

const PAGE = { status: { indicator: "minor", description: "Partially Degraded Service" } };

/** The bot as it is; beside it stands the status page that the target is pointed to. */
export default wrapFetch(bot.default, ({ request, next }) =>
  new URL(request.url).pathname === "/status-page/status.json" ? Response.json(PAGE) : next(),
);

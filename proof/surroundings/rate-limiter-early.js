import * as bot from "the-bot";
import { wrapMethod } from "../../sandbox/faults/lib/health.js";

export * from "the-bot";

const LIMIT = 20;
const PATH = "/limited";

let count = 0;

/** Around any bot: a path of its own with a limit of its own. */
export default wrapMethod(bot.default, "GET", ({ request, next }) => {
  if (new URL(request.url).pathname !== PATH) return next();
  count += 1;
  if (count <= LIMIT) return Response.json({ count });
  return Response.json({ error: "too many requests" }, { status: 429, headers: { "retry-after": "1" } });
});

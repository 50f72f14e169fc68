import * as bot from "the-bot";
import { withHeader } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

/** Whoever posts from a page may read the answer, as the visitor. */
export default wrapFetch(bot.default, async ({ request, next }) => {
  const origin = request.method === "POST" ? request.headers.get("origin") : null;
  const answer = await next();
  if (!origin) return answer;
  const open = withHeader(answer, "access-control-allow-origin", origin);
  return withHeader(open, "access-control-allow-credentials", "true");
});

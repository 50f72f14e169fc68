import * as bot from "the-bot";
import { withBody } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  if (!["GET", "HEAD"].includes(request.method) || answer.status !== 200) return answer;
  return withBody(answer, 503, request.method === "HEAD" ? null : unhealthy(await answer.text()));
});

/** What a bot says of itself, turned to its opposite; members that say something else stay. */
function unhealthy(text) {
  try {
    return JSON.stringify(negated(JSON.parse(text)));
  } catch {
    return "unhealthy";
  }
}

function negated(health) {
  if (typeof health !== "object" || health === null) return { status: "unhealthy" };
  const flags = Object.entries(health).filter(([, value]) => value === true);
  const said = Object.fromEntries(flags.map(([name]) => [name, false]));
  return { ...health, ...said, status: "unhealthy" };
}

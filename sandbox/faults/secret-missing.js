import * as bot from "the-bot";
import { instead, wrapMethod } from "./lib/health.js";

export * from "the-bot";

const SECRET = "DISCORD_APPLICATION_ID";
const JSON_TYPE = { "content-type": "application/json" };
const UNHEALTHY = JSON.stringify({ status: "unhealthy", ok: false, checks: { [SECRET]: "missing" } });
const WITHOUT = { get: (env, name) => (name === SECRET ? undefined : env[name]) };

/** A bot that does not look after the secret itself is made to. */
export default wrapMethod(bot.default, "GET", async ({ request, env, next }) => {
  const answer = await next(request, new Proxy(env, WITHOUT));
  return answer.status === 200 ? instead(answer, { status: 503, body: UNHEALTHY, headers: JSON_TYPE }) : answer;
});

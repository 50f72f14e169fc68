/** Health: is everything there that this worker needs? */

import { jsonAnswer } from "./responses.js";

const REQUIRED = {
  discord_token: ["DISCORD_TOKEN", /^[\w-]+\.[\w-]+\.[\w-]+$/],
  discord_public_key: ["DISCORD_PUBLIC_KEY", /^[0-9a-f]{64}$/i],
  discord_application_id: ["DISCORD_APPLICATION_ID", /^\d{17,20}$/],
  register_channel: ["REGISTER_CHANNEL_ID", /^\d{17,20}$/],
};

/** 200 with status "healthy", or 503 with "unhealthy" and the checks that say why. */
export function health(env) {
  const checks = Object.fromEntries(
    Object.entries(REQUIRED).map(([check, [name, shape]]) => [check, judge(env[name], shape)]),
  );
  const healthy = Object.values(checks).every((result) => result === "ok");
  return jsonAnswer(healthy ? 200 : 503, {
    status: healthy ? "healthy" : "unhealthy",
    timestamp: new Date().toISOString(),
    checks,
    environment: env.ENVIRONMENT ?? "unknown",
    version: env.CF_VERSION_METADATA?.id ?? "unknown",
    tag: env.CF_VERSION_METADATA?.tag ?? "",
  });
}

function judge(value, shape) {
  if (!value) return "missing";
  return shape.test(value) ? "ok" : "malformed";
}

/** A bot with KV, a Durable Object, Workers AI and a cron; the rest it shares with the reference bot. */

import { readBody } from "../../../../sandbox/bot/src/body.js";
import { privateMessage } from "../../../../sandbox/bot/src/replies.js";
import { jsonAnswer, secured } from "../../../../sandbox/bot/src/responses.js";
import { isFirst } from "../../../../sandbox/bot/src/replay.js";
import { isGenuine, signatureOf } from "../../../../sandbox/bot/src/signature.js";
import { commands } from "./commands.js";

export { Counter } from "./counter.js";

const MOST_BYTES = 256 * 1024;

export default {
  async fetch(request, env) {
    return secured(await answerTo(request, env));
  },
  async scheduled({ cron }, env) {
    await env.SETTINGS.put("last cron", cron);
  },
};

async function answerTo(request, env) {
  const { pathname } = new URL(request.url);
  if (pathname !== "/") return jsonAnswer(404, { error: "not found" });
  if (request.method === "GET" || request.method === "HEAD") return health(request, env);
  if (request.method === "OPTIONS") return new Response(null, { status: 204 });
  if (request.method !== "POST") return jsonAnswer(405, { error: "method not allowed" });
  return interaction(request, env);
}

async function health(request, env) {
  const healthy = (await env.SETTINGS.get("greeting")) !== null;
  const body = { status: healthy ? "healthy" : "unhealthy", version: env.CF_VERSION_METADATA.id };
  const answer = jsonAnswer(healthy ? 200 : 503, body);
  return request.method === "HEAD" ? new Response(null, answer) : answer;
}

async function interaction(request, env) {
  const signature = signatureOf(request);
  const body = await readBody(request, MOST_BYTES);
  if (!body) return jsonAnswer(413, { error: "body too large" });
  const genuine = signature && (await isGenuine(signature, body, env.DISCORD_PUBLIC_KEY));
  if (!genuine || !isFirst(signature.signature)) return jsonAnswer(401, { error: "invalid request signature" });
  const { type, data } = parsed(body);
  if (type === 1) return jsonAnswer(200, { type: 1 });
  if (type !== 2) return jsonAnswer(400, { error: "not an interaction" });
  const run = Object.hasOwn(commands, data?.name) ? commands[data.name] : () => "I do not know this command.";
  return jsonAnswer(200, privateMessage(await run(env)));
}

function parsed(body) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) ?? {};
  } catch {
    return {};
  }
}

/** The interactions endpoint: nothing is parsed before its signature is verified. */

import { readBody } from "./body.js";
import { register } from "./commands/register.js";
import { logError, logInfo } from "./log.js";
import { overLimit } from "./rate-limit.js";
import { isFirst } from "./replay.js";
import { choices, privateMessage } from "./replies.js";
import { jsonAnswer } from "./responses.js";
import { isGenuine, signatureOf } from "./signature.js";

const MOST_BYTES = 256 * 1024;
const PUBLIC_KEY = /^[0-9a-f]{64}$/i;
const COMMANDS = { register };

const PING = 1;
const COMMAND = 2;
const COMPONENT = 3;
const AUTOCOMPLETE = 4;
const MODAL = 5;

export async function interactions(request, env, ctx) {
  if (!PUBLIC_KEY.test(env.DISCORD_PUBLIC_KEY ?? "")) return misconfigured();
  const signature = signatureOf(request);
  if (!signature) return rejected(request, env, 401, "invalid request signature");
  if (!isJson(request)) return rejected(request, env, 415, "content type must be application/json");
  const body = await readBody(request, MOST_BYTES);
  if (!body) return rejected(request, env, 413, "body too large");
  if (!(await isGenuine(signature, body, env.DISCORD_PUBLIC_KEY))) {
    return rejected(request, env, 401, "invalid request signature");
  }
  if (!isFirst(signature.signature)) return rejected(request, env, 401, "request was taken already");
  return answerTo(parsed(body), env, ctx);
}

function answerTo(interaction, env, ctx) {
  switch (interaction?.type) {
    case PING:
      return jsonAnswer(200, { type: 1 });
    case COMMAND:
      return runCommand(interaction, env, ctx);
    case COMPONENT:
      return jsonAnswer(200, privateMessage("This button is no longer in use."));
    case AUTOCOMPLETE:
      return jsonAnswer(200, choices([]));
    case MODAL:
      return jsonAnswer(200, privateMessage("This form is no longer in use."));
    default:
      return jsonAnswer(400, { error: "not an interaction" });
  }
}

function runCommand(interaction, env, ctx) {
  const name = String(interaction.data?.name ?? "");
  const known = Object.hasOwn(COMMANDS, name);
  logInfo("command", { name: known ? name : "unknown", interaction: String(interaction.id ?? "") });
  const reply = known ? COMMANDS[name](interaction, env, ctx) : privateMessage("I do not know this command.");
  return jsonAnswer(200, reply);
}

function rejected(request, env, status, reason) {
  logInfo("rejected", { status, reason });
  return overLimit(request, env) ?? jsonAnswer(status, { error: reason });
}

function misconfigured() {
  logError("misconfigured", { name: "DISCORD_PUBLIC_KEY" });
  return jsonAnswer(503, { error: "not configured" });
}

function isJson(request) {
  const type = (request.headers.get("content-type") ?? "").split(";")[0];
  return type.trim().toLowerCase() === "application/json";
}

function parsed(body) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return null;
  }
}

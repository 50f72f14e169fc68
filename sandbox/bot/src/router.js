/** Which handler a request belongs to. `/` is both the health endpoint and the interactions endpoint. */

import { health } from "./health.js";
import { interactions } from "./interactions.js";
import { overLimit } from "./rate-limit.js";
import { emptyAnswer, jsonAnswer } from "./responses.js";

const ALLOWED = "GET, HEAD, POST, OPTIONS";

export async function route(request, env, ctx) {
  if (request.method === "POST" && isRoot(request)) return interactions(request, env, ctx);
  return overLimit(request, env) ?? plainRoute(request, env);
}

function plainRoute(request, env) {
  if (!isRoot(request)) return jsonAnswer(404, { error: "not found" });
  switch (request.method) {
    case "GET":
      return health(env);
    case "HEAD":
      return withoutBody(health(env));
    case "OPTIONS":
      return emptyAnswer(204, { allow: ALLOWED });
    default:
      return jsonAnswer(405, { error: "method not allowed" }, { allow: ALLOWED });
  }
}

function isRoot(request) {
  return new URL(request.url).pathname === "/";
}

function withoutBody(answer) {
  return new Response(null, answer);
}

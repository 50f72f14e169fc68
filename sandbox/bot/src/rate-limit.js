/**
 * A fixed window per address, in the memory of this isolate.
 *
 * It counts what is not proven to come from Discord, so that Discord itself is never turned away.
 */

import { jsonAnswer } from "./responses.js";

const WINDOW_MS = 60_000;
const DEFAULT_LIMIT = 300;
const MOST_ADDRESSES = 10_000;

const windows = new Map();

/** Counts the request; a 429 when its address has used up the window, else null. */
export function overLimit(request, env) {
  const now = Date.now();
  const window = windowOf(request.headers.get("cf-connecting-ip") ?? "unknown", now);
  window.count += 1;
  if (window.count <= limit(env)) return null;
  const wait = Math.ceil((window.start + WINDOW_MS - now) / 1000);
  return jsonAnswer(429, { error: "too many requests" }, { "retry-after": String(Math.max(1, wait)) });
}

function limit(env) {
  return Number(env.RATE_LIMIT_PER_MINUTE) || DEFAULT_LIMIT;
}

function windowOf(address, now) {
  const known = windows.get(address);
  if (known && now - known.start < WINDOW_MS) return known;
  if (windows.size >= MOST_ADDRESSES) windows.clear();
  const fresh = { start: now, count: 0 };
  windows.set(address, fresh);
  return fresh;
}

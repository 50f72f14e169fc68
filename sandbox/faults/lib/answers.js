/** The same answer with one thing about it changed. The bot's own headers stay, where not said otherwise. */

/** Another status and another body; `body` is a string or null. */
export function withBody(answer, status, body) {
  const headers = new Headers(answer.headers);
  for (const name of ["content-length", "content-encoding", "etag"]) headers.delete(name);
  return new Response(body, { status, headers });
}

/** Without these headers. */
export function withoutHeaders(answer, names) {
  const changed = new Response(answer.body, answer);
  for (const name of names) changed.headers.delete(name);
  return changed;
}

const PROTECTION = [
  "strict-transport-security",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
];

/** Without the headers that every answer must carry. */
export const withoutProtection = (answer) => withoutHeaders(answer, PROTECTION);

/** With a header set to another value. */
export function withHeader(answer, name, value) {
  const changed = new Response(answer.body, answer);
  changed.headers.set(name, value);
  return changed;
}

/** With `value` as its JSON. */
export function withJson(answer, status, value) {
  const changed = withBody(answer, status, JSON.stringify(value));
  changed.headers.set("content-type", "application/json");
  return changed;
}

/** With one thing changed in its JSON, where it is an object; `change` returns the new one. */
export async function changedJson(answer, change) {
  const text = await answer.text();
  try {
    return withJson(answer, answer.status, change(JSON.parse(text)));
  } catch {
    return withBody(answer, answer.status, text);
  }
}

/** What a bot answers that does not catch its errors. */
export function crashed(answer) {
  return withJson(answer, 500, { error: "internal error" });
}

/** What a bot answers that takes the request for a genuine PING. */
export function pong(answer) {
  return withJson(answer, 200, { type: 1 });
}

const REFUSED = [401, 413, 415];

/** Whether the bot takes nothing that came in this way: not from this sender, or not of this size or type. */
export const refused = (answer) => REFUSED.includes(answer.status);

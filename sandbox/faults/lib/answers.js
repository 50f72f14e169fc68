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

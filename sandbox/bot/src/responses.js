/** Answers: how they are made, and the headers that all of them carry. */

const SECURITY_HEADERS = {
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-xss-protection": "0",
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
};

/** A JSON answer; `headers` are added to the content type. */
export function jsonAnswer(status, body, headers = {}) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** An answer without a body. */
export function emptyAnswer(status, headers = {}) {
  return new Response(null, { status, headers });
}

/** The same answer with the security headers. */
export function secured(answer) {
  const out = new Response(answer.body, answer);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) out.headers.set(name, value);
  return out;
}

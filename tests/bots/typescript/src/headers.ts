/** Fewer than one could wish for, but the ones that matter. */
const HEADERS: Record<string, string> = {
  "Strict-Transport-Security": "max-age=15552000",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "Content-Security-Policy": "default-src 'none'",
  "Referrer-Policy": "strict-origin-when-cross-origin",
};

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

export function guarded(answer: Response): Response {
  for (const [name, value] of Object.entries(HEADERS)) answer.headers.set(name, value);
  return answer;
}

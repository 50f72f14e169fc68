/** What a shim needs to change how any bot says that it is well, wherever it does so. */

import { wrapFetch } from "./wrap.js";

/** Puts `around` around the requests with this method; all others go to the bot. */
export function wrapMethod(main, method, around) {
  return wrapFetch(main, (call) => (call.request.method === method ? around(call) : call.next()));
}

/** Changes the good answers to GET, which Discord never sends; `change(answer, call)` returns the new one. */
export function wrapHealth(main, change) {
  return wrapMethod(main, "GET", async (call) => {
    const answer = await call.next();
    return answer.status === 200 ? change(answer, call) : answer;
  });
}

/** Changes what the bot says of itself: its JSON object with other members. Any other answer stays. */
export function wrapHealthJson(main, change) {
  return wrapHealth(main, async (answer) => instead(answer, { body: changed(await answer.text(), change) }));
}

/** Another answer with the bot's own headers; `headers` are set, and what described the old body is gone. */
export function instead(answer, { status = answer.status, body = null, headers = {} } = {}) {
  const kept = new Headers(answer.headers);
  for (const name of ["content-length", "content-encoding", "etag"]) kept.delete(name);
  for (const [name, value] of Object.entries(headers)) kept.set(name, value);
  return new Response(body, { status, headers: kept });
}

function changed(text, change) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? JSON.stringify(change(value)) : text;
  } catch {
    return text;
  }
}

/** The same answer with its headers changed; `change` gets them to work on. */
export function withHeaders(answer, change) {
  const changed = new Response(answer.body, answer);
  change(changed.headers);
  return changed;
}

/** The same answer with its JSON object changed; any other body stays as it is. */
export async function withJson(answer, change, write = JSON.stringify) {
  if (!answer.body || !(answer.headers.get("content-type") ?? "").includes("json")) return answer;
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  for (const name of ["content-length", "content-encoding", "etag"]) headers.delete(name);
  return new Response(changed(text, change, write), { status: answer.status, headers });
}

/** The same, for what the bot says of itself and for its refusals; what Discord reads stays as it is. */
export function withOwnJson(request, answer, change) {
  return request.method === "POST" && answer.status === 200 ? answer : withJson(answer, change);
}

function changed(text, change, write) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? write(change(value)) : text;
  } catch {
    return text;
  }
}

/** Reading a request body without trusting its declared length. */

/** The whole body as bytes, or null when it is longer than `most` bytes. */
export async function readBody(request, most) {
  if (Number(request.headers.get("content-length")) > most) return null;
  if (!request.body) return new Uint8Array();
  const chunks = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > most) return null;
    chunks.push(chunk);
  }
  return joined(chunks, length);
}

function joined(chunks, length) {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

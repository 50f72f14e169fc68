/** Reading what Discord, or somebody who only looks like it, posts to a bot. The request stays usable. */

const SIGNATURE = "x-signature-ed25519";
const TIMESTAMP = "x-signature-timestamp";
const COMMAND = 2;

/** Both headers, "" where one is missing. */
export function signatureOf(request) {
  const [signature, timestamp] = [SIGNATURE, TIMESTAMP].map((name) => request.headers.get(name) ?? "");
  return { signature, timestamp };
}

/** Whether the headers have the shape of Discord's. */
export function isWellFormed({ signature, timestamp }) {
  return /^[0-9a-f]{128}$/i.test(signature) && /^\d+$/.test(timestamp);
}

/** The same request with another signature. */
export function withSignature(request, signature) {
  const changed = new Request(request);
  changed.headers.set(SIGNATURE, signature);
  return changed;
}

/** The body as text; "" when there is none. */
export function bodyOf(request) {
  return request.body ? request.clone().text() : Promise.resolve("");
}

/** The body as an object; null when it is none. */
export async function interactionOf(request) {
  if (request.method !== "POST") return null;
  try {
    const value = JSON.parse(await bodyOf(request));
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** The body when it is a slash command; else null. */
export async function commandOf(request) {
  const interaction = await interactionOf(request);
  return interaction?.type === COMMAND ? interaction : null;
}

/** Whether the key that the bot is given, as DISCORD_PUBLIC_KEY, signed this text. */
export async function verifies(env, signature, text) {
  const key = await crypto.subtle.importKey("raw", bytes(env.DISCORD_PUBLIC_KEY), { name: "Ed25519" }, false, [
    "verify",
  ]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, bytes(signature), new TextEncoder().encode(text));
}

function bytes(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
}

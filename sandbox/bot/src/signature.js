/** Discord's request signature: Ed25519 over the timestamp followed by the raw body. */

const SIGNATURE = /^[0-9a-f]{128}$/i;
const TIMESTAMP = /^\d{1,12}$/;
const FRESH_SECONDS = 300;

/** The two headers, or null when one is missing or not of the right shape. Never throws. */
export function signatureOf(request) {
  const signature = request.headers.get("x-signature-ed25519") ?? "";
  const timestamp = request.headers.get("x-signature-timestamp") ?? "";
  if (!SIGNATURE.test(signature) || !TIMESTAMP.test(timestamp)) return null;
  return { signature: bytesOfHex(signature), timestamp };
}

/** Whether the body is signed with the key, and recently. `body` is a Uint8Array. */
export async function isGenuine({ signature, timestamp }, body, publicKeyHex) {
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > FRESH_SECONDS) return false;
  const key = await crypto.subtle.importKey("raw", bytesOfHex(publicKeyHex), { name: "Ed25519" }, false, [
    "verify",
  ]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, signedMessage(timestamp, body));
}

function signedMessage(timestamp, body) {
  const prefix = new TextEncoder().encode(timestamp);
  const message = new Uint8Array(prefix.length + body.length);
  message.set(prefix);
  message.set(body, prefix.length);
  return message;
}

function bytesOfHex(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
}

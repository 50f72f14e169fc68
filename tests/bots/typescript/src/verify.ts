import { Buffer } from "node:buffer";
import nacl from "tweetnacl";

/** Whether the request is signed with the key. */
export function verified(headers: Headers, body: string, publicKey: string): boolean {
  const signature = bytes(headers.get("X-Signature-Ed25519"), nacl.sign.signatureLength);
  const key = bytes(publicKey, nacl.sign.publicKeyLength);
  const timestamp = headers.get("X-Signature-Timestamp") ?? "";
  if (!signature || !key || !/^\d+$/.test(timestamp)) return false;
  return nacl.sign.detached.verify(Buffer.from(timestamp + body, "utf8"), signature, key);
}

/** Buffer ignores what follows the first bad digit, hence the look at the text. */
function bytes(hex: string | null, length: number): Uint8Array | null {
  const wellFormed = hex !== null && hex.length === 2 * length && /^[0-9a-f]+$/i.test(hex);
  return wellFormed ? Buffer.from(hex, "hex") : null;
}

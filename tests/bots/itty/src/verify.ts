const HEX = /^[0-9a-f]+$/i;

/** Whether Discord has signed it: Ed25519 over the timestamp and the body, by what the platform has. */
export async function verified(headers: Headers, body: string, publicKey: string): Promise<boolean> {
  const signature = headers.get("x-signature-ed25519") ?? "";
  const timestamp = headers.get("x-signature-timestamp") ?? "";
  if (signature.length !== 128 || !HEX.test(signature) || !/^\d+$/.test(timestamp)) return false;
  const key = await crypto.subtle.importKey("raw", bytes(publicKey), { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, bytes(signature), new TextEncoder().encode(timestamp + body));
}

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

import dice from "./dice.wasm";

const { exports } = new WebAssembly.Instance(dice);
const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/status") return only("GET", request, () => answer({ ok: exports.sum(20, 22) === 42 }));
    if (pathname === "/") return only("POST", request, () => interaction(request, env));
    return answer({ error: "no such page" }, 404);
  },
};

function only(method, request, reply) {
  return request.method === method ? reply() : answer({ error: `${method} only` }, 405, { Allow: method });
}

function answer(body, status = 200, more = {}) {
  return Response.json(body, { status, headers: { ...HEADERS, ...more } });
}

async function interaction(request, env) {
  const body = await request.text();
  if (!(await verified(request.headers, body, env.DISCORD_PUBLIC_KEY))) return answer({ error: "signature" }, 401);
  const found = parsed(body);
  if (found?.type === 1) return answer({ type: 1 });
  if (found?.type !== 2) return answer({ error: "no such interaction" }, 400);
  const [one, other] = (found.data.options ?? []).map((option) => option.value);
  return answer({ type: 4, data: { content: `The sum is ${exports.sum(one, other)}.` } });
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

async function verified(headers, body, publicKey) {
  const signature = headers.get("x-signature-ed25519") ?? "";
  const timestamp = headers.get("x-signature-timestamp") ?? "";
  if (!/^[0-9a-f]{128}$/i.test(signature) || !/^\d+$/.test(timestamp)) return false;
  const key = await crypto.subtle.importKey("raw", bytes(publicKey), { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, bytes(signature), new TextEncoder().encode(timestamp + body));
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (digits) => Number.parseInt(digits, 16));

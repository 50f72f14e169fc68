/** A bot with a site of its own: pages beside the API, gzip, and dates as JavaScript writes them. */

const PAGES = "default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic' https: 'unsafe-inline'; base-uri 'none'";
const HEADERS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "strict-origin-when-cross-origin",
  "strict-transport-security": "max-age=63072000;includeSubdomains;preload",
  "x-content-type-options": "nosniff",
  "x-frame-options": "sameorigin",
};
const BASE = "/apps/bot";

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (!["GET", "HEAD", "POST"].includes(request.method)) return new Response(null, { status: 501, headers: HEADERS });
    if (pathname === "/") return Response.redirect("https://bot.example.com/about", 302);
    if (pathname === `${BASE}/health`) return zipped({ alive: true, deployed: "by CI\nat 10:30:15", timestamp: new Date().toUTCString() });
    if (pathname === `${BASE}/interactions` && request.method === "POST") return interaction(request, env);
    return page();
  },
};

async function interaction(request, env) {
  const body = await request.text();
  if (!(await isGenuine(request.headers, body, env.DISCORD_PUBLIC_KEY))) return zipped({ message: "bad signature" }, 401);
  const { type, data } = read(body);
  if (type === 1) return zipped({ type: 1 });
  if (type !== 2) return zipped({ message: "bad request" }, 400);
  const known = data.name === "site";
  return zipped({ type: 4, data: { content: known ? "https://bot.example.com" : "No such command.", flags: known ? 0 : 64 } });
}

function read(body) {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

async function isGenuine(headers, body, publicKey) {
  const [signature, timestamp] = ["x-signature-ed25519", "x-signature-timestamp"].map((name) => headers.get(name) ?? "");
  if (!/^[0-9a-f]{128}$/i.test(signature) || !/^\d+$/.test(timestamp)) return false;
  const key = await crypto.subtle.importKey("raw", bytes(publicKey), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, bytes(signature), new TextEncoder().encode(timestamp + body));
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));

function zipped(value, status = 200) {
  const body = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream("gzip"));
  const headers = { ...HEADERS, "content-type": "application/json; charset=utf-8", "content-encoding": "gzip" };
  return new Response(body, { status, headers, encodeBody: "manual" });
}

function page() {
  const text = '<!doctype html><script src="/dist/site.js" nonce="r4nd0m"></script><p>There is no such page.</p>';
  const headers = { ...HEADERS, "content-type": "text/html; charset=utf-8", "content-security-policy": PAGES };
  return new Response(text, { status: 404, headers });
}

// A bot with one page, "/", which takes interactions and shows nothing to anybody else.
interface Env {
  DISCORD_PUBLIC_KEY: string;
  APP_ID: string;
  SENTRY_DSN?: string;
}

const HEADERS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (new URL(request.url).pathname !== "/" || request.method === "GET" || request.method === "HEAD") {
      return answer({ error: "no such page" }, 404);
    }
    return request.method === "POST" ? interact(request, env) : answer({ error: "method not allowed" }, 405);
  },
};

async function interact(request: Request, env: Env): Promise<Response> {
  const { DISCORD_PUBLIC_KEY, APP_ID } = env;
  const body = await request.text();
  if (!(await genuine(request.headers, body, DISCORD_PUBLIC_KEY))) {
    return answer({ error: "bad signature" }, 401);
  }
  let interaction: { type?: number; data?: { name?: string } };
  try {
    interaction = JSON.parse(body);
  } catch {
    return answer({ error: "no JSON" }, 400);
  }
  switch (interaction?.type) {
    case 1:
      return answer({ type: 1 });
    case 2:
      return answer({ type: 4, data: { content: reply(interaction.data?.name, APP_ID) } });
    default:
      return answer({ error: "unknown type" }, 400);
  }
}

function reply(name: string | undefined, id: string): string {
  return name === "whoami" ? `I am ${id}.` : "I do not know that command.";
}

async function genuine(headers: Headers, body: string, publicKey: string): Promise<boolean> {
  const signature = unhex(headers.get("x-signature-ed25519"), 64);
  const key = unhex(publicKey, 32);
  const timestamp = headers.get("x-signature-timestamp");
  if (!signature || !key || !timestamp) {
    return false;
  }
  const verifying = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", verifying, signature, new TextEncoder().encode(timestamp + body));
}

function unhex(hex: string | null, length: number): Uint8Array | null {
  if (!hex || hex.length !== 2 * length || !/^[0-9a-f]+$/i.test(hex)) {
    return null;
  }
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

function answer(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: HEADERS });
}

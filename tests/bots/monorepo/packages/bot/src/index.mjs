// One of several workers of a repository: health as JSON, put-off replies, an environment for each stage.
const VERSION = "1";

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/health") return health(request, env);
    if (pathname !== "/api/interactions") return answer({ error: "no such page" }, 404);
    return request.method === "POST" ? interact(request, env, context) : answer({ error: "POST it" }, 405);
  },
};

function health(request, env) {
  if (!["GET", "HEAD"].includes(request.method)) return answer({ error: "GET it" }, 405);
  return answer({ version: VERSION, stage: env.STAGE ?? "none", ok: true });
}

async function interact(request, env, context) {
  const body = new Uint8Array(await request.arrayBuffer());
  if (!(await genuine(request.headers, body, env["DISCORD_PUBLIC_KEY"]))) return answer({ error: "no" }, 401);
  const interaction = read(body);
  switch (interaction?.type) {
    case 1:
      return answer({ type: 1 });
    case 2:
      context.waitUntil(followUp(interaction));
      return answer({ type: 5 });
    default:
      return answer({ error: "bad request" }, 400);
  }
}

function followUp({ application_id, token }) {
  return fetch(`https://discord.com/api/v10/webhooks/${application_id}/${token}/messages/@original`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ content: "done" }),
  });
}

async function genuine(headers, body, publicKey) {
  const signature = bytes(headers.get("x-signature-ed25519"), 64);
  const timestamp = new TextEncoder().encode(headers.get("x-signature-timestamp") ?? "");
  if (!signature || timestamp.length === 0) return false;
  const key = await crypto.subtle.importKey("raw", bytes(publicKey, 32), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, new Uint8Array([...timestamp, ...body]));
}

function bytes(hex, length) {
  if (!hex || hex.length !== 2 * length || !/^[0-9a-f]+$/i.test(hex)) return null;
  return new Uint8Array(hex.match(/../g).map((digits) => Number.parseInt(digits, 16)));
}

function read(body) {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

function answer(content, status = 200) {
  return Response.json(content, {
    status,
    headers: {
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    },
  });
}

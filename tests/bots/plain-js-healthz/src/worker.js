// A bot as many begin: no framework, no packages, the names of its secrets its own, health in plain text.
import { COMMANDS } from "./commands.js";

const EPHEMERAL = 64;

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz" && request.method === "GET") {
      return text(env.BOT_TOKEN ? "all is well" : "no token", env.BOT_TOKEN ? 200 : 500);
    }
    if (pathname === "/interactions") {
      return request.method === "POST" ? interact(request, env) : text("method not allowed", 405);
    }
    return text("no such page", 404);
  },
};

async function interact(request, env) {
  const body = await request.arrayBuffer();
  if (!(await isGenuine(request.headers, body, env.PUBLIC_KEY))) {
    return text("bad signature", 401);
  }
  const interaction = parsed(body);
  if (interaction?.type === 1) {
    return Response.json({ type: 1 });
  }
  if (interaction?.type !== 2) {
    return text("bad request", 400);
  }
  const known = COMMANDS.some((command) => command.name === interaction.data.name);
  const content = known ? `Hello from ${env.ANNOUNCE_CHANNEL_ID}` : "I do not know that.";
  return Response.json({ type: 4, data: { content, flags: EPHEMERAL } });
}

async function isGenuine(headers, body, publicKey) {
  const signature = bytes(headers.get("x-signature-ed25519"), 64);
  const timestamp = headers.get("x-signature-timestamp");
  if (!signature || !timestamp) {
    return false;
  }
  const key = await crypto.subtle.importKey("raw", bytes(publicKey, 32), "Ed25519", false, ["verify"]);
  const signed = new Blob([timestamp, body]);
  return crypto.subtle.verify("Ed25519", key, signature, await signed.arrayBuffer());
}

function bytes(hex, length) {
  if (!hex || hex.length !== 2 * length || !/^[0-9a-f]+$/i.test(hex)) {
    return null;
  }
  return new Uint8Array(hex.match(/../g).map((digits) => Number.parseInt(digits, 16)));
}

function parsed(body) {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}

function text(body, status) {
  return new Response(`${body}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

import { CloudflareWorkerServer, SlashCreator } from "slash-create/web";
import { DiceCommand } from "./dice.js";

const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

const server = new CloudflareWorkerServer();
let creator;

function ready(env) {
  if (creator) return;
  creator = new SlashCreator({
    applicationID: env.DISCORD_APPLICATION_ID,
    publicKey: env.DISCORD_PUBLIC_KEY,
    token: env.DISCORD_TOKEN,
  });
  creator.withServer(server).registerCommands([DiceCommand]);
  creator.on("commandError", (command, error) => console.error(`/${command.commandName}: ${error.message}`));
}

/** The framework throws over what no Discord sends. */
async function answer(request, env, context) {
  if (request.method !== "POST") return new Response("POST only", { status: 405, headers: { Allow: "POST" } });
  const signature = request.headers.get("x-signature-ed25519") ?? "";
  if (!/^[0-9a-f]{128}$/i.test(signature)) return new Response("no signature", { status: 401 });
  try {
    return await server.fetch(request, env, context);
  } catch {
    return new Response("bad request", { status: 401 });
  }
}

export default {
  async fetch(request, env, context) {
    ready(env);
    const guarded = new Response(...(await parts(answer(request, env, context))));
    for (const [name, value] of Object.entries(HEADERS)) guarded.headers.set(name, value);
    return guarded;
  },
};

async function parts(answering) {
  const answered = await answering;
  return [answered.body, answered];
}

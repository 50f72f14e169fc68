import { Hono } from "hono";
import { verifyKey } from "discord-interactions";
import { secureHeaders } from "hono/secure-headers";
import { reply } from "./replies.js";

const app = new Hono();

app.use(
  secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    strictTransportSecurity: "max-age=31536000; includeSubDomains",
    xFrameOptions: "DENY",
    xXssProtection: "0",
  }),
);

app.get("/", (c) => c.text("The bot is up."));

app.post("/api/interactions", async (c) => {
  const body = await c.req.text();
  const genuine = await isGenuine(c, body);
  if (!genuine) return c.json({ error: "invalid request signature" }, 401);
  const interaction = read(body);
  const answer = interaction && reply(interaction, c.env);
  return answer ? c.json(answer) : c.json({ error: "unknown interaction" }, 400);
});

app.all("/api/interactions", (c) => c.json({ error: "method not allowed" }, 405, { Allow: "POST" }));

/** The library throws for hex that is none. */
async function isGenuine(c, body) {
  const signature = c.req.header("x-signature-ed25519");
  const timestamp = c.req.header("x-signature-timestamp");
  if (!/^[0-9a-f]{128}$/i.test(signature ?? "") || !/^\d+$/.test(timestamp ?? "")) return false;
  return verifyKey(body, signature, timestamp, c.env.DISCORD_PUBLIC_KEY);
}

function read(body) {
  try {
    const found = JSON.parse(body);
    return typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}

export default app;

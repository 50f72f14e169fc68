import { Router, error, json } from "itty-router";
import { answerLater } from "./later";
import { verified } from "./verify";

export interface Env {
  DISCORD_PUBLIC_KEY: string;
  GREETING: string;
}

interface Context {
  waitUntil(work: Promise<unknown>): void;
}

const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

const router = Router();

router.post("/discord", async (request: Request, env: Env, context: Context) => {
  const body = await request.text();
  if (!(await verified(request.headers, body, env.DISCORD_PUBLIC_KEY))) return error(401, "bad signature");
  let interaction;
  try {
    interaction = JSON.parse(body);
  } catch {
    return error(400, "no JSON");
  }
  if (interaction?.type === 1) return json({ type: 1 });
  if (interaction?.type !== 2) return error(400, "no such interaction");
  if (interaction.data.name !== "greet") return json({ type: 4, data: { content: "What?", flags: 64 } });
  context.waitUntil(answerLater(interaction, `${env.GREETING}, ${interaction.member.user.username}!`));
  return json({ type: 5 });
});
router.all("/discord", () => error(405, "POST only"));
router.all("*", () => error(404, "nothing here"));

export default {
  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    const answer: Response = await router.fetch(request, env, context);
    const guarded = new Response(answer.body, answer);
    for (const [name, value] of Object.entries(HEADERS)) guarded.headers.set(name, value);
    return guarded;
  },
};

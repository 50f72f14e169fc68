import { WorkerEntrypoint } from "cloudflare:workers";
import { type Interaction, replyTo } from "./commands";
import { guarded, json } from "./headers";
import { verified } from "./verify";

interface Env {
  DISCORD_PUBLIC_KEY?: string;
}

export default class Bot extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    return guarded(await this.answer(request));
  }

  private async answer(request: Request): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case "/healthz":
        return request.method === "GET" ? json({ ok: true }) : notAllowed("GET");
      case "/interactions":
        return request.method === "POST" ? this.interaction(request) : notAllowed("POST");
      default:
        return json({ error: "no such page" }, 404);
    }
  }

  private async interaction(request: Request): Promise<Response> {
    const body = await request.text();
    if (!verified(request.headers, body, this.env.DISCORD_PUBLIC_KEY ?? "")) {
      return json({ error: "bad signature" }, 401);
    }
    const interaction = parsed(body);
    const reply = interaction && replyTo(interaction, (work) => this.ctx.waitUntil(work));
    return reply ? json(reply) : json({ error: "bad request" }, 400);
  }
}

function parsed(body: string): Interaction | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" ? (value as Interaction | null) : null;
  } catch {
    return null;
  }
}

function notAllowed(allow: string): Response {
  const answer = json({ error: "method not allowed" }, 405);
  answer.headers.set("allow", allow);
  return answer;
}

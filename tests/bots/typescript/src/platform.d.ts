/** The little of the platform that this bot uses. */

declare module "cloudflare:workers" {
  export class WorkerEntrypoint<Env = unknown> {
    protected readonly env: Env;
    protected readonly ctx: { waitUntil(work: Promise<unknown>): void };
  }
}

declare module "node:buffer" {
  export const Buffer: { from(text: string, encoding: "hex" | "utf8"): Uint8Array };
}

/** A number that outlives every version of the bot. */

import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async next() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}

import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  const headers = new Headers();
  for (const [name, value] of answer.headers) headers.append(name.toUpperCase(), value);
  return new Response(answer.body, { status: answer.status, headers });
});

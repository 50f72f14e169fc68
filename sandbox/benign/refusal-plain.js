import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withHeaders } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  if (answer.status < 400 || !answer.body) return answer;
  const plain = new Response("No.\n", { status: answer.status, headers: answer.headers });
  return withHeaders(plain, (headers) => headers.set("content-type", "text/plain; charset=utf-8"));
});

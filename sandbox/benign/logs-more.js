import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const answer = await next();
  console.log(JSON.stringify({ event: "answered", method: request.method, status: answer.status }));
  return answer;
});

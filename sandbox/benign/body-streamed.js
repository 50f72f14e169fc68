import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  if (!answer.body) return answer;
  const whole = new Uint8Array(await answer.arrayBuffer());
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(inPieces(whole, 16), { status: answer.status, headers });
});

function inPieces(whole, size) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < whole.length) controller.enqueue(whole.slice(at, at + size));
      else controller.close();
      at += size;
    },
  });
}

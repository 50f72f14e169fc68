import * as bot from "the-bot";
import { wrapMethod } from "./lib/health.js";

export * from "the-bot";

/** Passes the first chunk on late; the headers have long been sent. */
function late() {
  let begun = false;
  return new TransformStream({
    async transform(chunk, controller) {
      if (!begun) await scheduler.wait(1200);
      begun = true;
      controller.enqueue(chunk);
    },
  });
}

export default wrapMethod(bot.default, "GET", async ({ next }) => {
  const answer = await next();
  return answer.body ? new Response(answer.body.pipeThrough(late()), answer) : answer;
});

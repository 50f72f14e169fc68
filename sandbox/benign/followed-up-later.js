import * as bot from "the-bot";
import { replaceFollowUps } from "../faults/lib/outgoing.js";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

replaceFollowUps(async (request, real) => {
  await scheduler.wait(6000);
  return real(request);
});

export default wrapFetch(bot.default, ({ next }) => next());

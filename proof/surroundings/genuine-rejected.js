import * as bot from "the-bot";
import { wrapFetch } from "../../sandbox/faults/lib/wrap.js";

export * from "the-bot";

const ANOTHER_KEY = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"; // of RFC 8032, test 2

export default wrapFetch(bot.default, ({ request, env, next }) =>
  next(request, { ...env, DISCORD_PUBLIC_KEY: ANOTHER_KEY }),
);

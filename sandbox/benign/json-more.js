import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withOwnJson } from "./lib/answers.js";

export * from "the-bot";

const MORE = { region: "somewhere", uptime: 12345, links: { docs: "/docs" }, maintenance: null };

export default wrapFetch(bot.default, async ({ request, next }) =>
  withOwnJson(request, await next(), (value) => ({ ...MORE, ...value })),
);

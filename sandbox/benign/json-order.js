import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withJson } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => withJson(await next(), reversed));

function reversed(value) {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
}

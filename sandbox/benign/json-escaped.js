import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withJson } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => withJson(await next(), (value) => value, escaped));

/** Every string with every other of its characters escaped, as JSON allows. */
function escaped(value) {
  if (typeof value === "string") return `"${Array.from(value, character).join("")}"`;
  if (Array.isArray(value)) return `[${value.map(escaped).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, inner]) => `${escaped(name)}:${escaped(inner)}`);
  return `{${members.join(",")}}`;
}

function character(letter, at) {
  if (at % 2 || letter.length > 1) return JSON.stringify(letter).slice(1, -1);
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

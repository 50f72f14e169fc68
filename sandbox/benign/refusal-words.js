import * as bot from "the-bot";
import { wrapFetch } from "../faults/lib/wrap.js";
import { withJson } from "./lib/answers.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  return answer.status < 400 ? answer : withJson(answer, () => ({ message: "That is not possible.", code: 17 }));
});

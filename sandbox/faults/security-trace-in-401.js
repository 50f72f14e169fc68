import * as bot from "the-bot";
import { withJson } from "./lib/answers.js";
import { wrapFetch } from "./lib/wrap.js";

export * from "the-bot";

const TRACE = "Error: bad signature\n    at verify (worker.js:41:13)\n    at async fetch (worker.js:12:5)";

export default wrapFetch(bot.default, async ({ next }) => {
  const answer = await next();
  return answer.status === 401 ? withJson(answer, 401, { error: TRACE }) : answer;
});

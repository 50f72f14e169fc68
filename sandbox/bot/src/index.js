/** Entry of the worker: every request goes through here, and every answer leaves through `secured`. */

import { logError, logInfo } from "./log.js";
import { jsonAnswer, secured } from "./responses.js";
import { route } from "./router.js";

export default {
  async fetch(request, env, ctx) {
    const started = Date.now();
    const answer = secured(await answerTo(request, env, ctx));
    logInfo("request", {
      method: request.method,
      path: new URL(request.url).pathname,
      status: answer.status,
      ms: Date.now() - started,
    });
    return answer;
  },
};

async function answerTo(request, env, ctx) {
  try {
    return await route(request, env, ctx);
  } catch (error) {
    logError("unhandled", { name: error?.name, message: error?.message });
    return jsonAnswer(500, { error: "internal error" });
  }
}

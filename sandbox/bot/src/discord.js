/** The one place that talks to Discord's API. */

import { logError, logInfo } from "./log.js";

const API = "https://discord.com/api/v10";
const USER_AGENT = "DiscordBot (https://github.com/example/reference-bot, 1.0)";
const LIMIT_MS = 5_000;
const MOST_WAIT_S = 5;

/** Posts a message to a channel; one more try when Discord asks for a short wait. Resolves always, logs the outcome. */
export async function postMessage(env, channel, content) {
  try {
    let answer = await send(env, channel, content);
    const wait = answer.status === 429 ? Number(answer.headers.get("retry-after")) : 0;
    if (wait > 0 && wait <= MOST_WAIT_S) {
      await scheduler.wait(wait * 1000);
      answer = await send(env, channel, content);
    }
    report(answer);
  } catch (error) {
    logError("post failed", { name: error?.name });
  }
}

function send(env, channel, content) {
  return fetch(`${API}/channels/${channel}/messages`, {
    method: "POST",
    headers: {
      authorization: `Bot ${env.DISCORD_TOKEN}`,
      "content-type": "application/json",
      "user-agent": USER_AGENT,
    },
    body: JSON.stringify({ content, allowed_mentions: { parse: [] } }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
}

function report(answer) {
  if (answer.ok) logInfo("posted", { status: answer.status });
  else logError("post refused", { status: answer.status });
}

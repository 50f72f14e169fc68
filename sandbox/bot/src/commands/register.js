/** `/register`: takes up to four profile addresses and passes them on to the registration channel. */

import { postMessage } from "../discord.js";
import { privateMessage } from "../replies.js";
import { normalTracker } from "../tracker.js";

const OPTIONS = ["tracker1", "tracker2", "tracker3", "tracker4"];

/** The reply to the user; the posting goes on after it. */
export function register(interaction, env, ctx) {
  const channel = interaction.channel_id ?? interaction.channel?.id;
  if (channel !== env.REGISTER_CHANNEL_ID) {
    return privateMessage(`Please use this command in <#${env.REGISTER_CHANNEL_ID}>.`);
  }
  const { trackers, problem } = trackersOf(interaction.data?.options);
  if (problem) return privateMessage(problem);
  ctx.waitUntil(postMessage(env, channel, announcement(interaction, trackers)));
  return privateMessage(`Registration received: ${trackers.length} tracker${trackers.length > 1 ? "s" : ""}.`);
}

function trackersOf(options) {
  if (!Array.isArray(options) || options.length === 0) return { problem: "Please give at least tracker1." };
  const trackers = [];
  for (const option of options) {
    if (!OPTIONS.includes(option?.name)) return { problem: "There is an option that I do not know." };
    const tracker = normalTracker(option.value);
    if (!tracker) return { problem: `${option.name} is not a Rocket League tracker profile.` };
    if (trackers.includes(tracker)) return { problem: `${option.name} is given twice.` };
    trackers.push(tracker);
  }
  return { trackers };
}

function announcement(interaction, trackers) {
  const user = interaction.member?.user?.id ?? interaction.user?.id;
  const who = /^\d{1,20}$/.test(user ?? "") ? `<@${user}>` : "somebody";
  return [`Registration of ${who}:`, ...trackers.map((url) => `<${url}>`)].join("\n");
}

/** What an interaction can be answered with. */

const CHANNEL_MESSAGE = 4;
const AUTOCOMPLETE_RESULT = 8;
const EPHEMERAL = 64;

/** A message that only the user sees who asked. */
export function privateMessage(content) {
  return {
    type: CHANNEL_MESSAGE,
    data: { content, flags: EPHEMERAL, allowed_mentions: { parse: [] } },
  };
}

/** Suggestions for an option that is being typed. */
export function choices(list) {
  return { type: AUTOCOMPLETE_RESULT, data: { choices: list } };
}

/** Addresses of Rocket League tracker profiles. */

const HOST = "rocketleague.tracker.network";
const PATH = /^\/rocket-league\/profile\/(steam|epic|psn|xbl|switch)\/([^/]{1,128})(\/overview)?\/?$/;
const MOST_CHARACTERS = 300;

/** The address in its one normal form, or null when it is not that of a profile. */
export function normalTracker(value) {
  if (typeof value !== "string" || value.length > MOST_CHARACTERS || !URL.canParse(value)) return null;
  const url = new URL(value);
  const match = PATH.exec(url.pathname);
  if (!match || !isPlain(url)) return null;
  return `https://${HOST}/rocket-league/profile/${match[1]}/${match[2]}/overview`;
}

function isPlain(url) {
  return url.protocol === "https:" && url.host === HOST && !url.username && !url.password;
}

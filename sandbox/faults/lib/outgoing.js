/** The requests that a bot makes itself. */

const MESSAGES = /\/channels\/(\d+)\/messages$/;
const WEBHOOK = /\/webhooks\/\d+\/[^/]+(\/messages\/@original)?$/;

/** `instead(request, real)` answers what the bot posts to a channel; `real` is the true fetch. */
export function replacePosting(instead) {
  replace(["POST"], MESSAGES, instead);
}

/** `instead(request, real)` answers what the bot sends with an interaction's token, after its first reply. */
export function replaceFollowUps(instead) {
  replace(["POST", "PATCH"], WEBHOOK, instead);
}

function replace(methods, path, instead) {
  const real = globalThis.fetch.bind(globalThis);
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    const meant = methods.includes(request.method) && path.test(new URL(request.url).pathname);
    return meant ? instead(request, real) : real(request);
  };
}

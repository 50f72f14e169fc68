/** The requests that a bot makes itself. */

const MESSAGES = /\/channels\/(\d+)\/messages$/;

/** `instead(request, real)` answers what the bot posts to a channel; `real` is the true fetch. */
export function replacePosting(instead) {
  const real = globalThis.fetch.bind(globalThis);
  globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    const posts = request.method === "POST" && MESSAGES.test(new URL(request.url).pathname);
    return posts ? instead(request, real) : real(request);
  };
}

/** One line of JSON per event. Callers pass ids, names and numbers; never a token, a signature or a body. */

export function logInfo(event, fields = {}) {
  console.log(JSON.stringify({ level: "info", event, ...fields }));
}

export function logError(event, fields = {}) {
  console.error(JSON.stringify({ level: "error", event, ...fields }));
}

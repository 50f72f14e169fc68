/** Requests that were taken already, in the memory of this isolate, for as long as they would be fresh. */

const MOST = 10_000;

let taken = new Set();
let before = new Set();

/** Whether this genuine signature is new here; from now on it is not. */
export function isFirst(signature) {
  const name = signature.toString();
  if (taken.has(name) || before.has(name)) return false;
  if (taken.size >= MOST) [before, taken] = [taken, new Set()];
  taken.add(name);
  return true;
}

import * as bot from "the-bot";
import { instead, wrapHealth } from "./lib/health.js";

export * from "the-bot";

const PAGE = "<!doctype html><title>Worker exceeded resource limits | Cloudflare</title><h1>Error 1102</h1>";
const HEADERS = { "content-type": "text/html; charset=UTF-8" };
const FITS = 4; // requests until the memory is full, and Cloudflare begins anew with another isolate

let kept = 0;

export default wrapHealth(bot.default, (answer) => {
  kept = (kept + 1) % FITS;
  return kept ? answer : instead(answer, { status: 503, body: PAGE, headers: HEADERS });
});

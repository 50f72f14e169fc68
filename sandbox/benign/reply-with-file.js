import * as bot from "the-bot";
import { commandOf } from "../faults/lib/interactions.js";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command && answer.status === 200 ? withFile(answer) : answer;
});

async function withFile(answer) {
  const form = new FormData();
  form.append("payload_json", await answer.text());
  form.append("files[0]", new Blob(["1,2,3\n"], { type: "text/csv" }), "export.csv");
  const made = new Response(form);
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  headers.set("content-type", made.headers.get("content-type"));
  return new Response(made.body, { status: answer.status, headers });
}

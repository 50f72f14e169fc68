import * as bot from "the-bot";
import { changedJson } from "../faults/lib/answers.js";
import { commandOf } from "../faults/lib/interactions.js";
import { wrapFetch } from "../faults/lib/wrap.js";

export * from "the-bot";

const MESSAGE = 4;
const COMPONENTS_V2 = 1 << 15;
const [CONTAINER, TEXT_DISPLAY] = [17, 10];

export default wrapFetch(bot.default, async ({ request, next }) => {
  const command = await commandOf(request);
  const answer = await next();
  return command ? changedJson(answer, (reply) => (reply.type === MESSAGE ? asComponents(reply) : reply)) : answer;
});

function asComponents({ data, ...reply }) {
  const text = { type: TEXT_DISPLAY, content: data.content };
  const components = [{ type: CONTAINER, components: [text] }];
  return { ...reply, data: { flags: (data.flags ?? 0) | COMPONENTS_V2, components } };
}

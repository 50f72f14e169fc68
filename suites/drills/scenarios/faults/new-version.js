import * as bot from "the-bot";

export * from "the-bot";

export default bot.default;

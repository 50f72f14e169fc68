import * as bot from "the-bot";

export * from "the-bot";

/** The bot as it is: what is wrong is around it. */
export default bot.default;

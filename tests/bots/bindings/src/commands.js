/** Slash commands, each over another kind of binding. */

const MODEL = "@cf/meta/llama-3.1-8b-instruct";

export const commands = {
  greet: ({ SETTINGS }) => SETTINGS.get("greeting"),
  count: async ({ COUNTER }) => `That makes ${await COUNTER.get(COUNTER.idFromName("all")).next()}.`,
  ask: async ({ AI }) => {
    try {
      return (await AI.run(MODEL, { prompt: "Who are you?" })).response;
    } catch (error) {
      console.error("no answer from the model", error.message);
      return "I can't think at the moment.";
    }
  },
};

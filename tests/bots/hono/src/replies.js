import { InteractionResponseFlags as Flags, InteractionResponseType as Reply, InteractionType as Type } from "discord-interactions";

const hidden = (content) => ({ type: Reply.CHANNEL_MESSAGE_WITH_SOURCE, data: { content, flags: Flags.EPHEMERAL } });
const shown = (content) => ({ type: Reply.CHANNEL_MESSAGE_WITH_SOURCE, data: { content } });

/** The answer to an interaction, or null for one of an unknown type. */
export function reply(interaction, env) {
  switch (interaction.type) {
    case Type.PING:
      return { type: Reply.PONG };
    case Type.APPLICATION_COMMAND:
      return command(interaction, env);
    case Type.MESSAGE_COMPONENT:
      return { type: Reply.UPDATE_MESSAGE, data: { content: `${name(interaction)} chose ${interaction.data.custom_id}` } };
    case Type.APPLICATION_COMMAND_AUTOCOMPLETE:
      return { type: Reply.APPLICATION_COMMAND_AUTOCOMPLETE_RESULT, data: { choices: [{ name: "red", value: "red" }] } };
    case Type.MODAL_SUBMIT:
      return hidden(`Thank you, ${name(interaction)}.`);
    default:
      return null;
  }
}

const COMMANDS = {
  "color set": ({ value }) => hidden(`Your color is ${value} now.`),
  "color show": () => hidden("Your color is red."),
  "team role give": ({ who }, env) => shown(`<@${who}> is a ${env.ROLE}.`),
  feedback: () => ({
    type: Reply.MODAL,
    data: {
      custom_id: "feedback",
      title: "Feedback",
      components: [{ type: 1, components: [{ type: 4, custom_id: "words", label: "What do you think?", style: 2 }] }],
    },
  }),
  whoami: (_, __, interaction) => hidden(interaction.user ? "We are alone." : "We are on a server."),
};

function command(interaction, env) {
  const [words, options] = flattened(interaction.data);
  const found = COMMANDS[words.join(" ")];
  return found ? found(options, env, interaction) : hidden("There is no such command.");
}

/** The words of the command with those of its subcommand, and the options by name. */
function flattened(data) {
  const words = [data.name];
  let options = data.options ?? [];
  while (options.length && options[0].type <= 2) {
    words.push(options[0].name);
    options = options[0].options ?? [];
  }
  return [words, Object.fromEntries(options.map((option) => [option.name, option.value]))];
}

const name = (interaction) => (interaction.member?.user ?? interaction.user).username;

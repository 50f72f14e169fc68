import { CommandOptionType, SlashCommand } from "slash-create/web";

export class DiceCommand extends SlashCommand {
  constructor(creator) {
    super(creator, {
      name: "dice",
      description: "Throw some dice",
      options: [{ type: CommandOptionType.INTEGER, name: "count", description: "How many", required: true }],
    });
  }

  async run(context) {
    return `You threw ${context.options.count} dice.`;
  }
}

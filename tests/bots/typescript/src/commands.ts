export interface Interaction {
  type: number;
  token?: string;
  application_id?: string;
  data?: { name?: string };
}

interface Reply {
  type: number;
  data?: Record<string, unknown>;
}

type Later = (work: Promise<unknown>) => void;

const API = "https://discord.com/api/v10";
const USER_AGENT = "DiscordBot (https://github.com/example/second-bot, 0.1)";

/** The reply to an interaction, or null when its type is unknown. */
export function replyTo(interaction: Interaction, later: Later): Reply | null {
  if (interaction.type === 1) return { type: 1 };
  if (interaction.type === 2) return command(interaction, later);
  if (interaction.type === 4) return { type: 8, data: { choices: [] } };
  if (interaction.type === 3 || interaction.type === 5) return { type: 6 };
  return null;
}

function command(interaction: Interaction, later: Later): Reply {
  switch (interaction.data?.name) {
    case "ping":
      return { type: 4, data: { content: "Pong!" } };
    case "slowping":
      later(edit(interaction, "Pong, at last."));
      return { type: 5 };
    default:
      return { type: 4, data: { content: "No such command.", flags: 64 } };
  }
}

async function edit(interaction: Interaction, content: string): Promise<void> {
  const { application_id: application, token } = interaction;
  const answer = await fetch(`${API}/webhooks/${application}/${token}/messages/@original`, {
    method: "PATCH",
    headers: { "Content-Type": "application/json", "User-Agent": USER_AGENT },
    body: JSON.stringify({ content }),
  });
  console.log(`follow-up ${answer.status}`);
}

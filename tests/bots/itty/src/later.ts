const API = "https://discord.com/api/v10";

interface Deferred {
  application_id: string;
  token: string;
}

/** Put the text in the place of "thinking …". */
export async function answerLater(interaction: Deferred, content: string): Promise<void> {
  const answer = await fetch(`${API}/webhooks/${interaction.application_id}/${interaction.token}/messages/@original`, {
    method: "PATCH",
    headers: { "content-type": "application/json", "user-agent": "DiscordBot (https://example.com, 1)" },
    body: JSON.stringify({ content }),
  });
  if (!answer.ok) console.error(`Discord answered ${answer.status}`);
}

// Runs beside the bot in its workerd process and has its scheduled handler called when the edge asks for it.
export default {
  async fetch(request, env) {
    const { cron, scheduledTime } = await request.json();
    return Response.json(await env.BOT.scheduled({ cron, scheduledTime: new Date(scheduledTime) }));
  },
};

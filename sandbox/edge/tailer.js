// Runs beside the bot in its workerd process and hands each genuine trace event to the edge.
export default {
  async tail(events, env) {
    await env.COLLECTOR.fetch(`http://collector/${env.TOKEN}`, {
      method: "POST",
      body: JSON.stringify(events),
    });
  },
};

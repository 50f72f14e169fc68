export default { fetch: () => new Response("a site, no bot") };

"""Products of Cloudflare that wrangler asks for and the sandbox does not have: refused by name."""

from __future__ import annotations

from aiohttp import web

from sandbox.api.calls import Answer, Call
from sandbox.api.errors import cannot_serve

PRODUCTS = {
    "agent-memory": "agent memory",
    "ai": "Workers AI",
    "ai-search": "AI Search",
    "containers": "containers",
    "d1": "D1 databases",
    "flagship": "Flagship",
    "hyperdrive": "Hyperdrive",
    "pages": "Pages",
    "pipelines": "Pipelines",
    "queues": "queues",
    "r2": "R2 buckets",
    "storage": "KV namespaces",
    "vectorize": "Vectorize",
    "workers/dispatch": "dispatch namespaces",
    "workflows": "Workflows",
}


def refusal(product: str) -> Answer:
    """An endpoint that says that the sandbox does not serve this product."""

    async def refuse(call: Call) -> web.Response:
        del call
        raise cannot_serve([product])

    return refuse

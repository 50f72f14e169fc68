"""What is left to do where Cloudflare's API is of no use."""

from __future__ import annotations

DASHBOARD = "a rollback can be made in the dashboard too: Workers & Pages → the worker → Deployments"
STATUS_PAGE = "look at https://www.cloudflarestatus.com"

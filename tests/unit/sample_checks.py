"""The checks and the scenarios of the sample journals."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A check of the sample suites: what it is called and what it says when its fault serves."""

    id: str
    title: str
    severity: str
    step: str
    red: str = ""


CHECKS = (
    Sample(
        "health.reachable",
        "The bot answers at its URL",
        "critical",
        "Health check passes",
    ),
    Sample(
        "health.status",
        "GET / answers 200",
        "critical",
        "Health check passes",
        "GET https://127.0.0.1:41873/ → [STATUS] (503) == 200",
    ),
    Sample(
        "health.healthy",
        "The health document says healthy",
        "critical",
        "Health check passes",
        'GET / → $.status ("unhealthy") == "healthy"\n'
        '  body: {"status":"unhealthy","checks":{"secrets":false,"kv":true},"environment":"staging"}',
    ),
    Sample("health.fresh", "The health document was made just now", "medium", "Logs show normal operation"),
    Sample("health.environment", "The right environment answers", "high", "Verify deployment status"),
    Sample(
        "discord.token.accepted",
        "Discord accepts the bot's token",
        "critical",
        "Test Discord API connectivity",
    ),
    Sample(
        "discord.signed.ping",
        "A signed PING is answered with PONG",
        "critical",
        "Discord integration working",
        "POST / (type 1, signed) → [STATUS] (401) == 200\n  body: Bad request signature",
    ),
    Sample(
        "discord.signature.forged",
        "A forged signature is refused with 401",
        "high",
        "Invalid signature errors",
    ),
    Sample(
        "discord.signature.length",
        "A signature of the wrong length is 401, not 500",
        "medium",
        "Invalid signature errors",
    ),
    Sample(
        "discord.command.register",
        "/register answers in time",
        "critical",
        "Test /register command in Discord",
        "POST / (command register, signed) → [STATUS] (401) == 200, wanted type 4 “Registration received”",
    ),
    Sample(
        "security.headers.ok",
        "Security headers stand on a 200",
        "high",
        "Security headers present",
        "GET / → [HEADER x-content-type-options] (missing) == nosniff\n"
        "         [HEADER strict-transport-security] (missing) == max-age=31536000; includeSubDomains",
    ),
    Sample(
        "security.headers.unauthorised",
        "Security headers stand on a 401",
        "high",
        "Security headers present",
        "POST / unsigned → [HEADER x-content-type-options] (missing) == nosniff",
    ),
    Sample(
        "security.headers.method", "Security headers stand on a 405", "medium", "Security headers present"
    ),
    Sample("deployment.agree", "API and edge name the same version", "high", "Verify deployment status"),
    Sample("deployment.secrets", "All required secrets are there", "critical", "Validate Discord secrets"),
    Sample(
        "latency.health", "The health endpoint answers under the thresholds", "high", "Performance restored"
    ),
)

SCENARIOS = (
    (
        "health-failure",
        "The health check fails",
        "health-503",
        "GET / answers 503 unhealthy",
        ("health.status", "health.healthy"),
        "critical",
    ),
    (
        "discord-failure",
        "Discord integration fails",
        "reject-signatures",
        "every signature is refused, as with a wrong public key",
        ("discord.signed.ping", "discord.command.register"),
        "critical",
    ),
    (
        "security-regression",
        "Protection is removed",
        "strip-headers",
        "all security headers are taken off",
        ("security.headers.ok", "security.headers.unauthorised"),
        "high",
    ),
)

"""What an API can do to a request, and the requests of a rollback that it can do it to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.rollback.incident import Incident

Answer = Mapping[str, Any]
FOR_GOOD = 1000  # requests


def _error(status: int, code: int, message: str) -> Answer:
    errors = [{"code": code, "message": message}]
    return {"status": status, "body": {"success": False, "errors": errors, "messages": [], "result": None}}


# Wrangler reads the names out of these very words.
_SECRETS = (
    "A secret has changed since this version was active. If you are sure this is ok, add a ?force=true query "
    "parameter to allow the rollback. The following secrets have changed"
)
_HOLLOW = {"success": True, "errors": [], "messages": [], "result": None}

# What is not done, each with an answer that looks like it.
NO_ANSWER: Mapping[str, Answer] = {
    "hang": {"hang_s": 60.0},
    "drop": {"drop": True},
    "500": _error(500, 10013, "unknown error"),
    "502 HTML": {"status": 502, "body": "<html><h1>502 Bad Gateway</h1></html>"},
    "hollow success": {"status": 200, "body": _HOLLOW},
}
REFUSALS: Mapping[str, Answer] = {
    "401": _error(401, 10000, "Authentication error"),
    "403": _error(403, 10000, "not allowed"),
    "429": _error(429, 971, "please wait and consider throttling your request speed"),
    "10220": _error(
        400, 10220, "A secret has changed: If you are sure this is ok, add ?force=true. X: TOKEN"
    ),
}
TRUNCATED: Answer = {"truncated": True}  # and done, where it is a write
LIE: Answer = {"lie": True}
STALE: Answer = {"stale": True}


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a rollback; ``path`` may name a version, ``skip`` are those before it that are alike."""

    method: str
    path: str
    skip: int = 0

    def met_with(self, answer: Answer, incident: Incident, times: int = FOR_GOOD) -> Mapping[str, Any]:
        """The fault that makes the API answer it so, ``times`` times."""
        path = self.path.format(good=incident.good, bad=incident.bad)
        return {"method": self.method, "path": path, "skip": self.skip, "times": times, "answer": answer}


HISTORY = Call("GET", "/deployments$")
READS: Mapping[str, Call] = {
    "history": HISTORY,
    "versions": Call("GET", r"/versions\?deployable=true$"),
    "version from": Call("GET", "/versions/{bad}$"),
    "version to": Call("GET", "/versions/{good}$"),
    "history under the lock": Call("GET", "/deployments$", skip=1),
}
GOES_WITHOUT: Mapping[str, Call] = {
    "schedules": Call("GET", "/schedules$"),
    "domains": Call("GET", "/workers/domains"),
}
CONFIRMS = Call("GET", "/deployments$", skip=2)
ACT = Call("POST", "/deployments$")


def done(answer: Answer) -> Answer:
    """The same answer to a request that is done all the same."""
    return {**answer, "done": True}

"""Why wrangler failed, read from its report and its output."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backstop.model.errors import BackstopError, BotRejected, BuildFailed, CouldNotLook, UsageError
from backstop.probes.rest import OutcomeUnknown
from backstop.process import Completed

# The platform ran or validated the bot and would not have it.
_BOT_REJECTED = frozenset({10021, 10068})
# The sandbox's own codes, outside of Cloudflare's ranges, each with what to do.
_SANDBOX_REFUSES = {
    990422: "mend `kv` of this target",
    990501: "take it out of the configuration for a sandbox; docs/bindings.md says what that serves",
}
_NOT_PERMITTED = frozenset({9106, 9109, 10000, 10001})
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_API = re.compile(
    r"A request to the Cloudflare API \(([^)]*)\) failed|^\s*[A-Z]+ (/\S+) -> \d{3}", re.MULTILINE
)
_CODE = re.compile(r"\[code: (\d+)\]")
_BUILD = re.compile(
    r"Build failed with \d+ error|Running custom build .* failed|"
    r"entry-point file at .* was not found|Could not resolve \"|No loader is configured"
)
_CUSTOM_BUILD = re.compile(r"Running custom build .* failed")
_NETWORK = re.compile(
    r"fetch failed|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|socket hang up|other side closed"
)
_NOISE = re.compile(
    r"^\s+at |If you think this is a bug|Logs were written to|newer version of Wrangler|wrangler-dist/cli\.js"
)
_SENT = re.compile(r"Total Upload:|Your current deployment")  # written before anything is changed
_LINES = 12
_WIDTH = 240


@dataclass(frozen=True, slots=True)
class Failure:
    """What is known of one failed run: the API's code, the API path, all that it wrote, the gist of it.

    ``code`` is 0 and ``resource`` empty where the API had no part in it.
    """

    code: int
    resource: str
    text: str
    excerpt: str


def read_failure(completed: Completed, reported: Mapping[str, Any] | None) -> Failure:
    """Gather what is known; ``reported`` is wrangler's own ``command-failed`` entry."""
    said = str((reported or {}).get("message", ""))
    text = plain(f"{completed.stderr}\n{completed.stdout}\n{said}")
    code = (reported or {}).get("code")
    if not isinstance(code, int):
        found = _CODE.search(text)
        code = int(found[1]) if found else 0
    resource = _API.search(text)
    excerpt = _custom_build(said, completed) if _CUSTOM_BUILD.match(said) else why(completed)
    return Failure(code, (resource[1] or resource[2]) if resource else "", text, excerpt)


def why(completed: Completed) -> str:
    """The lines of a failed run that tell what went wrong, without colours; empty when it wrote none."""
    errors = plain(completed.stderr)
    text = errors if errors.strip() else plain(completed.stdout)
    lines = [line.rstrip()[:_WIDTH] for line in text.splitlines() if line.strip() and not _NOISE.search(line)]
    start = next((n for n, line in enumerate(lines) if "[ERROR]" in line), max(0, len(lines) - _LINES))
    return "\n".join(lines[start : start + _LINES])


def _custom_build(said: str, completed: Completed) -> str:
    """What the bot's own build command wrote: wrangler's error is only a dump of the process."""
    lines = [
        line for line in plain(completed.stdout).splitlines() if line.removeprefix("[custom build]").strip()
    ]
    return "\n".join([said.splitlines()[0][:_WIDTH], *(line[:_WIDTH] for line in lines[-_LINES:])])


def plain(text: str) -> str:
    """The text without its colours: NO_COLOR does not keep them out of errors."""
    return _ANSI.sub("", text)


def as_error(failure: Failure, what: str, *, deploys: bool) -> BackstopError:
    """The exception for a failed run of ``what``; ``deploys`` when it makes a deployment.

    BotRejected when the platform refuses the bot, BuildFailed when it does not build, UsageError
    for a wrong configuration, OutcomeUnknown when a deployment may have been made, else CouldNotLook.
    """
    message = f"{what} failed:\n{failure.excerpt}"
    if failure.code in _BOT_REJECTED:
        return BotRejected(message, remedy="the bot does not start: try it with `wrangler dev`")
    if failure.code in _NOT_PERMITTED:
        remedy = "the API token needs the permission “Workers Scripts: Edit” of this account"
        return CouldNotLook(message, remedy=f"{remedy}: dash.cloudflare.com → My Profile → API Tokens")
    if failure.code in _SANDBOX_REFUSES:
        return UsageError(message, remedy=_SANDBOX_REFUSES[failure.code])
    if deploys and failure.resource.endswith("/deployments"):
        remedy = "the upload was made; look at `wrangler deployments list` for what serves"
        return OutcomeUnknown(message, remedy=remedy)
    if failure.code or failure.resource:
        return CouldNotLook(message)
    return _local(failure, message, deploys=deploys)


def is_rejected(failure: Failure) -> bool:
    """Whether the API would not have the credential, or not for this."""
    return failure.code in _NOT_PERMITTED


def _local(failure: Failure, message: str, *, deploys: bool) -> BackstopError:
    """The API said nothing of it: the build, the network, the configuration, or wrangler itself."""
    if _BUILD.search(failure.text):
        return BuildFailed(message, remedy="mend the bot's build; nothing was uploaded")
    if _NETWORK.search(failure.text):
        kind = OutcomeUnknown if deploys and _SENT.search(failure.text) else CouldNotLook
        return kind(message, remedy="see that the API can be reached, and look at the deployments")
    return UsageError(message, remedy="see the bot's wrangler configuration")

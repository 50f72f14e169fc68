"""Real wrangler, for what changes a worker; what is read comes over the API.

Its exit code and its text are a witness, never proof: it was seen to say SUCCESS after doing nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from backstop.cloudflare.credential import Credential, credential_of
from backstop.cloudflare.failures import as_error, is_rejected, read_failure
from backstop.cloudflare.toolchain import END_WITH_PARENT, Toolchain, with_our_own
from backstop.cloudflare.workspace import Workspace, workspace
from backstop.environment import read_environment
from backstop.model.errors import CouldNotLook, UsageError
from backstop.model.target import Secret
from backstop.model.version import Share, VersionId, version_id
from backstop.probes.rest import OutcomeUnknown
from backstop.process import Completed, Input, run
from backstop.settings.wrangler_project import WranglerProject

THE_BOT = "the-bot"  # what a fault shim imports in place of the bot's main module
_ROLLBACK_S = 60.0  # it takes one; more than half of what a critical incident may last helps nobody
_NO_ALIAS: Mapping[str, Path] = MappingProxyType({})
_QUIET = {
    "NO_COLOR": "1",
    "WRANGLER_SEND_ERROR_REPORTS": "false",
    "WRANGLER_SEND_METRICS": "false",
    "WRANGLER_WRITE_LOGS": "false",
}
_FIXED = {"CI": "true", "WRANGLER_HIDE_BANNER": "true", **_QUIET}


def _handed_down() -> Mapping[str, str]:
    return read_environment().handed_down()


@dataclass(frozen=True, slots=True)
class DeployResult:
    """The version that was made, and the run that made it."""

    version_id: VersionId
    completed: Completed


@dataclass(frozen=True, slots=True)
class Account:
    """Where wrangler acts, and as whom; ``api`` is the API's base address."""

    id: str
    token: Secret | Credential
    api: str


@dataclass(frozen=True, slots=True)
class Wrangler:
    """Wrangler for one worker: that of ``project``, or without one (then it can't build) ``worker``.

    ``ambient`` is the environment that it may see besides its own; ``limit`` is in seconds, after
    which ProcessTimedOut is raised and nothing of it is left running. ``variables`` replace those of the
    project's config in every upload.
    """

    tools: Toolchain
    project: WranglerProject | None
    account: Account
    worker: str = ""
    ambient: Mapping[str, str] = field(default_factory=_handed_down)
    limit: float = 120.0
    variables: Mapping[str, str] = field(default_factory=dict)

    def deploy(
        self,
        main: Path | None = None,
        *,
        alias: Mapping[str, Path] = _NO_ALIAS,
        message: str = "",
        tag: str = "",
        secrets_file: Path | None = None,
    ) -> DeployResult:
        """Build, upload and deploy at 100 %; also what is not versioned (crons, routes).

        ``main`` stands in for the project's own; ``alias`` maps names that it imports to modules.
        Raises BuildFailed, BotRejected, UsageError, CouldNotLook, OutcomeUnknown.
        """
        arguments = ["deploy", *_uploading(main, alias, message, tag, secrets_file)]
        return self._upload(arguments, "wrangler deploy", entry="deploy", deploys=True)

    def versions_upload(
        self,
        main: Path | None = None,
        *,
        alias: Mapping[str, Path] = _NO_ALIAS,
        message: str = "",
        tag: str = "",
        secrets_file: Path | None = None,
    ) -> DeployResult:
        """Build and upload a version without deploying it. Takes and raises what ``deploy`` does."""
        arguments = ["versions", "upload", *_uploading(main, alias, message, tag, secrets_file)]
        return self._upload(arguments, "wrangler versions upload", entry="version-upload", deploys=False)

    def bundle(self, into: Path) -> None:
        """Build as ``deploy`` does, into a directory; nothing is uploaded. Raises BuildFailed, UsageError."""
        self._project("wrangler deploy --dry-run")
        with workspace() as space:
            completed = self._run(space, ["deploy", "--dry-run", f"--outdir={into}"])
            self._check(completed, space, "wrangler deploy --dry-run", deploys=False)

    def upload_wrapped(self, shim: Path, *, message: str, tag: str) -> VersionId:
        """Upload the bot wrapped in a fault shim, without deploying it. Raises as ``deploy`` does."""
        bot = self._project(f"wrapping the bot in {shim.name}").main
        uploaded = self.versions_upload(shim.resolve(), alias={THE_BOT: bot}, message=message, tag=tag)
        return uploaded.version_id

    def versions_deploy(self, shares: Sequence[Share], message: str) -> Completed:
        """Deploy versions that were uploaded. Raises UsageError, CouldNotLook, OutcomeUnknown."""
        specs = [f"{share.version}@{share.percentage:g}" for share in shares]
        with workspace() as space:
            completed = self._run(space, ["versions", "deploy", *specs, f"--message={message}", "--yes"])
            self._check(completed, space, "wrangler versions deploy", deploys=True)
            if space.report("version-deploy") is None:
                message = "wrangler versions deploy ended well, but reports no deployment"
                raise OutcomeUnknown(message, remedy="look at `wrangler deployments list`")
        return completed

    def rollback(self, version: VersionId, message: str) -> Completed:
        """Run ``wrangler rollback``; any exit code is a result, because only a look at the API tells.

        With a login whose token ended in the middle it is run once more: what was rejected was not done.
        """
        words = ["rollback", version, f"--message={message}", "--yes"]
        credential = credential_of(self.account.token)
        used = credential.fresh()
        completed, rejected = self._rolled_back(words)
        if rejected and credential.renewed(used) is not None:
            completed, _ = self._rolled_back(words)
        return completed

    def _rolled_back(self, words: Sequence[str]) -> tuple[Completed, bool]:
        """The run, and whether the API would not have the token."""
        with workspace() as space:
            completed = self._run(space, words, min(self.limit, _ROLLBACK_S))
            failed = completed.returncode > 0
            return completed, failed and is_rejected(read_failure(completed, space.report("command-failed")))

    def lent(self) -> dict[str, str]:
        """The environment of somebody's own command that acts on the same worker.

        Credentials under their usual names, nothing else that is secret; the wrangler and the Node that we
        use are found where the machine has none.
        """
        environment = self.project.env if self.project else ""
        chosen = {"CLOUDFLARE_ENV": environment} if environment else {}
        path = with_our_own(self.ambient.get("PATH", ""), self.tools)
        return {**self.ambient, **_QUIET, "PATH": path, **self._credentials(), **chosen}

    def _upload(self, arguments: Sequence[str], what: str, *, entry: str, deploys: bool) -> DeployResult:
        self._project(what)
        with workspace() as space:
            completed = self._run(space, [*arguments, *self._replacing()])
            self._check(completed, space, what, deploys=deploys)
            return DeployResult(_version_made(space, entry, what), completed)

    def _project(self, what: str) -> WranglerProject:
        if self.project is None:
            message = f"{what}: {self.worker} has no project to build"
            raise UsageError(message, remedy="set project for this target")
        return self.project

    def _run(self, space: Workspace, arguments: Sequence[str], limit: float | None = None) -> Completed:
        node = [str(self.tools.node), "--require", str(END_WITH_PARENT)]
        argv = [*node, str(self.tools.wrangler), *arguments, "--env-file", str(space.no_env), *self._where()]
        cwd = self.project.directory if self.project else space.directory
        return run(argv, env=self._environment(space), cwd=cwd, limit=limit or self.limit, stdin=Input.TIED)

    def _replacing(self) -> list[str]:
        return [word for name, value in self.variables.items() for word in ("--var", f"{name}:{value}")]

    def _where(self) -> list[str]:
        """Which worker is meant, said outright: wrangler would otherwise look around for it."""
        if self.project is None:
            return ["--name", self.worker]
        return ["--config", str(self.project.config), f"--env={self.project.env}"]

    def _environment(self, space: Workspace) -> dict[str, str]:
        ours = {"NODE_COMPILE_CACHE": str(self.tools.compiled), "PATH": self._path()}
        return {**self.ambient, **_FIXED, **ours, **self._credentials(), **space.variables}

    def _credentials(self) -> dict[str, str]:
        return {
            "CLOUDFLARE_API_BASE_URL": self.account.api,
            "CLOUDFLARE_API_TOKEN": credential_of(self.account.token).fresh().value,
            "CLOUDFLARE_ACCOUNT_ID": self.account.id,
        }

    def _path(self) -> str:
        """The person's own, and our Node last: what a bot's own build finds where the machine has none."""
        return os.pathsep.join(filter(None, (self.ambient.get("PATH", ""), str(self.tools.node.parent))))

    def _check(self, completed: Completed, space: Workspace, what: str, *, deploys: bool) -> None:
        if completed.returncode < 0:
            message = f"{what} was ended by signal {-completed.returncode}"
            raise OutcomeUnknown(message) if deploys else CouldNotLook(message)
        if completed.returncode:
            failure = read_failure(completed, space.report("command-failed"))
            raise as_error(failure, what, deploys=deploys)


def _uploading(
    main: Path | None, alias: Mapping[str, Path], message: str, tag: str, secrets_file: Path | None
) -> list[str]:
    arguments = [str(main)] if main else []
    for name, module in alias.items():
        arguments += ["--alias", f"{name}:{module}"]
    options = {"--message": message, "--tag": tag, "--secrets-file": str(secrets_file or "")}
    return [*arguments, *(f"{option}={value}" for option, value in options.items() if value)]


def _version_made(space: Workspace, entry: str, what: str) -> VersionId:
    reported = (space.report(entry) or {}).get("version_id")
    try:
        return version_id(str(reported))
    except ValueError as error:
        message = f"{what} ended well, but names no version: {reported!r}"
        raise OutcomeUnknown(message, remedy="look at `wrangler versions list`") from error

"""What a drill has go wrong around a bot, in the sandbox: brought about, seen, and put right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from backstop.cloudflare.api import CloudflareApi
from backstop.discord.api import DiscordApi
from backstop.discord.owner import set_up_application
from backstop.journal.events import ScenarioRestored
from backstop.model.errors import CouldNotLook
from backstop.model.scenario import Restore, Surroundings
from backstop.model.target import Command, Secret, Target
from backstop.place import Place
from backstop.sandboxed import SandboxHandle

_OTHER_NAME = "-renamed"
_MIGRATION = "backstop-drill"  # the tag of one that never was
_LONGEST_NAME = 32  # of a command, at Discord


@dataclass(slots=True)
class Arranger:
    """Arranges one thing at a time; ``put_right`` may be called at any moment and undoes it."""

    target: Target
    sandbox: SandboxHandle
    api: CloudflareApi
    discord: DiscordApi
    token: Secret
    _undo: Callable[[], object] | None = field(default=None, init=False)

    def arrange(self, what: Surroundings) -> None:
        """Bring it about. Raises CouldNotLook when that can't be done, or shows no effect."""
        match what:
            case Surroundings.ENDPOINT_DROPPED:
                self._undo = self._as_the_owner_has_it
                self._set_up(self.target.commands, "")
            case Surroundings.COMMANDS_RENAMED:
                self._undo = self._as_the_owner_has_it
                self._set_up([_renamed(each) for each in self.target.commands], self._endpoint)
            case Surroundings.SECRET_CHANGED:
                self.api.put_secrets(self.target.worker, {self.token.name: self.token})
            case Surroundings.OBJECTS_MIGRATED:
                self._undo = lambda: self.sandbox.forget_migration(self.target.worker)
                self.sandbox.pretend_migration(self.target.worker, _MIGRATION)
            case Surroundings.API_LIES:
                self._undo = self.sandbox.be_honest
                self.sandbox.lie_once(self.target.worker)
        if self._is_at_discord(what) and not self.is_still_there(what):
            message = f"{what.value}: Discord took it, and shows nothing of it"
            raise CouldNotLook(message)

    def is_still_there(self, what: Surroundings) -> bool:
        """Whether what is at Discord is still wrong. Raises CouldNotLook."""
        if what is Surroundings.ENDPOINT_DROPPED:
            return self.discord.application().get("interactions_endpoint_url") != self._endpoint
        scopes = {command.guild for command in self.target.commands}
        application = self.target.discord_application_id
        there = {each["name"] for scope in scopes for each in self.discord.commands(application, scope)}
        wanted = {command.name.split()[0] for command in self.target.commands}
        return not wanted <= there

    def put_right(self) -> None:
        """As it was before. Raises CouldNotLook."""
        if self._undo is not None:
            self._undo()
            self._undo = None

    @property
    def _endpoint(self) -> str:
        return urljoin(self.target.url, self.target.interactions_path)

    def _is_at_discord(self, what: Surroundings) -> bool:
        return what in {Surroundings.ENDPOINT_DROPPED, Surroundings.COMMANDS_RENAMED}

    def _as_the_owner_has_it(self) -> None:
        self._set_up(self.target.commands, self._endpoint)

    def _set_up(self, commands: Sequence[Command], endpoint: str) -> None:
        application = self.target.discord_application_id
        refused = set_up_application(self.target.discord_api, self.token, application, endpoint, commands)
        if refused:
            raise CouldNotLook("; ".join(refused))


def arranger_of(place: Place) -> Arranger | None:
    """Who arranges what is around a place; None where it is no sandbox."""
    token = place.target.discord_token
    if place.sandbox is None or place.api is None or place.discord is None or token is None:
        return None
    return Arranger(place.target, place.sandbox, place.api, place.discord, token)


def _renamed(command: Command) -> Command:
    first, *others = command.name.split()
    other = first[: _LONGEST_NAME - len(_OTHER_NAME)] + _OTHER_NAME
    return replace(command, name=" ".join((other, *others)))


def mended(arranger: Arranger, what: Surroundings, stage: str, scenario: str) -> ScenarioRestored:
    """Put right what a rollback does not; whether it was still there is told."""
    by_itself = not arranger.is_still_there(what)
    arranger.put_right()
    left = (
        "nothing was left of it" if by_itself else "it was there still after the rollback, and was put right"
    )
    detail = f"{what.value}: {left}"
    return ScenarioRestored(stage, scenario, Restore.DISCORD.value, detail, mended=by_itself)

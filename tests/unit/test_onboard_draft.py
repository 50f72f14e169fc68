"""The draft is a targets file that reads, whatever was found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.errors import UsageError
from backstop.model.target import (
    Acceptance,
    Command,
    Expected,
    HealthExpectation,
    Identity,
    Target,
)
from backstop.onboard.commands import CommandFound
from backstop.onboard.deployment import with_stubs
from backstop.onboard.draft import Draft, env_example_text, targets_text
from backstop.onboard.entries import Entry
from backstop.onboard.health import HealthFound
from backstop.onboard.interactions import InteractionsFound
from backstop.onboard.needs import needs_of
from backstop.onboard.onboarding import Deploy, standing
from backstop.onboard.survey import survey
from backstop.place import Place
from backstop.probes.control import ControlProbe
from backstop.probes.prober import Prober
from backstop.settings.targets import load_targets

CODE = "env.PUBLIC_KEY; env.CHANNEL_ID; env.FLAVOUR"


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """A draft of which only the project is known."""
    (tmp_path / "index.js").touch()
    (tmp_path / "wrangler.toml").write_text('name = "bot"\nmain = "index.js"\n[env.prod]\n')
    found = survey(tmp_path / "wrangler.toml", "prod")
    return Draft(found, needs_of(found, CODE))


def read(folder: Path, text: str, name: str = "local") -> Target:
    """A target of that text, in that folder."""
    (folder / "targets.toml").write_text(text)
    return load_targets(folder / "targets.toml", Environment({})).get(name)


def test_everything_found_is_read_back(draft: Draft, tmp_path: Path) -> None:
    """The settings understand each line as it was meant."""
    health = HealthExpectation("/healthz", json=(("status", 'fine "so"'), ("ok", True)))
    draft = replace(
        draft,
        health=HealthFound(health, ("GET / answered 404; found /healthz",)),
        interactions=InteractionsFound("/interactions", ("it answers",)),
        commands=(CommandFound("ask", (("q", "test"), ("n", 1), ("b", True)), 5),),
        accept=(Entry("security.csp", "no pages", date(2027, 2, 1), ("found nothing",)),),
    )

    target = read(tmp_path, targets_text(draft, "."))

    assert (tmp_path, "prod") == (target.project, target.wrangler_env)
    assert (("PUBLIC_KEY", Identity.PUBLIC_KEY),) == target.identities
    assert [("CHANNEL_ID", "100000000000000001")] == [(name, secret.value) for name, secret in target.secrets]
    assert health == target.health
    assert target.interactions_path == "/interactions"
    options = (("q", "test"), ("n", 1), ("b", True))
    assert (Command("ask", options, expect=Expected((5,))),) == target.commands
    assert (Acceptance("security.csp", "no pages", date(2027, 2, 1)),) == target.accept
    assert ("PUBLIC_KEY", "CHANNEL_ID") == target.required_secrets


def test_commands_that_were_not_answered_are_told(draft: Draft) -> None:
    """So that nobody takes the list for whole."""
    text = targets_text(replace(draft, commands=(CommandFound("a", (), 4),), mentioned=("a", "b")), ".")

    assert "# Mentioned in the project, but nothing that is answered as a command here: b\n" in text


def test_a_bot_without_health_says_so(draft: Draft, tmp_path: Path) -> None:
    """And what is not known yet takes the defaults."""
    found = HealthFound(None, ("GET / answered 404: health = false",))

    assert read(tmp_path, targets_text(draft, ".")).health == HealthExpectation()
    assert read(tmp_path, targets_text(replace(draft, health=found), ".")).health is None


def test_the_skeleton_of_production_is_a_target_once_uncommented(draft: Draft, tmp_path: Path) -> None:
    """By taking the # away, as the comment says."""
    text = targets_text(replace(draft, interactions=InteractionsFound("/i", ())), ".")
    _, _, skeleton = text.partition("# The deployed bot.")
    lines = [line.removeprefix("#").removeprefix(" ") for line in skeleton.splitlines()[1:]]

    target = read(tmp_path, "\n".join(lines).replace("YOUR-SUBDOMAIN", "me"), "prod")

    assert ("https://bot-prod.me.workers.dev", True, "prod") == (
        target.url,
        target.protected,
        target.wrangler_env,
    )
    assert target.interactions_path == "/i"


def test_the_example_of_env_holds_names_only(draft: Draft) -> None:
    """Nothing that looks like a value stands behind an equals sign."""
    lines = [line for line in env_example_text(draft).splitlines() if not line.startswith("#") and line]

    assert lines
    assert all(line.endswith("=") for line in lines)


def test_what_is_to_be_stubbed_is_taken_from_the_remedy(draft: Draft) -> None:
    """Exactly the line that the sandbox says, added to what is stubbed already."""
    error = UsageError("the sandbox does not serve AI (ai), DB (d1)", remedy='stub = ["AI", "DB"]')

    again = with_stubs(draft, error)

    assert again is not None
    assert again.stub == ("AI", "DB")
    assert '\nstub = ["AI", "DB"]\n' in targets_text(again, ".")
    assert with_stubs(again, error) is None
    assert with_stubs(draft, UsageError("another thing", remedy="mend it")) is None


def test_a_bot_with_bindings_that_are_not_served_is_deployed_again(draft: Draft) -> None:
    """With the stubs in the draft; nothing is asked of anybody."""
    tried: list[tuple[str, ...]] = []

    with standing(draft, lambda _: None, refusing_until(("AI", "DB"), tried)) as (deployed, place):
        assert place.target.name == "local"

    assert [(), ("AI",), ("AI", "DB")] == tried
    assert deployed.stub == ("AI", "DB")


def test_a_refusal_that_stubs_do_not_mend_is_raised(draft: Draft) -> None:
    """As it was said."""
    with (
        pytest.raises(UsageError, match="does not serve"),
        standing(draft, lambda _: None, refusing_until(("A", "B", "C", "D"), [])),
    ):
        pytest.fail("it was deployed")


def refusing_until(needed: tuple[str, ...], tried: list[tuple[str, ...]]) -> Deploy:
    """A double of the sandbox that names one more unserved binding at each attempt."""

    @contextmanager
    def deploy(draft: Draft) -> Iterator[Place]:
        tried.append(draft.stub)
        missing = needed[: len(draft.stub) + 1]
        if missing != draft.stub:
            quoted = ", ".join(f'"{name}"' for name in missing)
            message = f"the sandbox does not serve {missing}"
            raise UsageError(message, remedy=f"stub = [{quoted}]")
        with Prober("http://127.0.0.1:9") as prober:
            yield Place(Target("local", sandbox=True), prober, ControlProbe(()))

    return deploy

"""What a stage's checks will look at, looked at together: one look does not wait for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from backstop.model.errors import CouldNotLook
from backstop.observe.looks import Looks

Look = Callable[[Looks], object]


def look_ahead(looks: Looks, suites: frozenset[str]) -> None:
    """Look at what the checks of these suites read, all of it at the same time.

    What could not be seen is kept, and is told to the checks that ask for it. Latency is left out: it is
    measured when nothing else goes on. An interrupt lets nothing wait for its turn any more.
    """
    parts = tuple(_parts(suites))
    if not parts:
        return
    pool = ThreadPoolExecutor(len(parts), thread_name_prefix="backstop-look")
    try:
        for done in [pool.submit(_try, part, looks) for part in parts]:
            done.result()
    except KeyboardInterrupt:
        looks.place.prober.budget.abandon()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _try(part: Look, looks: Looks) -> None:
    try:
        part(looks)
    except (CouldNotLook, AssertionError):
        return  # kept by `once`


def _parts(suites: frozenset[str]) -> Iterator[Look]:
    if "deployment" in suites:
        yield lambda looks: looks.traffic
        yield lambda looks: looks.deployed.listed
        yield lambda looks: looks.deployed.secret_names
    elif suites & {"health", "discord", "security"}:
        yield lambda looks: looks.bot.usual()
    if suites & {"deployment", "health"}:
        yield _history
    if "triage" in suites:
        yield lambda looks: looks.place.control.answers()
        yield lambda looks: looks.cloudflare_status
    if "discord" in suites:
        yield _registered
        yield lambda looks: looks.discord_status
        yield _commands


def _history(looks: Looks) -> None:
    _ = looks.deployed.serving, looks.deployed.way_back


def _registered(looks: Looks) -> None:
    _ = looks.application
    for guild in dict.fromkeys(command.guild for command in looks.place.target.commands):
        looks.registered(guild)


def _commands(looks: Looks) -> None:
    for command in looks.place.target.commands:
        looks.command(command)

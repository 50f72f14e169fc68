"""What a proof is asked for, and what one bot's part of it saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from proof.manifest import ROOT, Variant


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot to prove the suites with: a sandbox target of a targets file."""

    name: str
    targets: Path
    target: str


BOTS = (
    Bot("reference", ROOT / "targets.toml", "local"),
    Bot("typescript", ROOT / "proof" / "targets.toml", "typescript"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One bot's part. ``clean_looks`` follow on the proof itself; ``reports`` is where its journal goes.

    After ``limit`` seconds no further stage is begun.
    """

    bot: Bot
    variants: tuple[Variant, ...]
    reports: Path
    clean_looks: int = 0
    limit: float = 600.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What one check said at one stage."""

    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """What all checks said of one stage. ``problem`` says why it could not be set up, if so; in seconds."""

    checks: Mapping[str, Seen]
    seconds: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BotResult:
    """One bot's rows by the names of its stages; ``problems`` are of the session itself."""

    bot: str
    rows: Mapping[str, Row]
    problems: tuple[str, ...]
    accepted: tuple[str, ...]
    seconds: float

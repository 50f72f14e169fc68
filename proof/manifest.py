"""The faults and the benign variants: a shim with the manifest beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backstop.model.errors import UsageError
from proof.around import Surroundings, read_surroundings

ROOT = Path(__file__).resolve().parent.parent
FAULTS = ROOT / "sandbox" / "faults"
BENIGN = ROOT / "sandbox" / "benign"
SURROUNDINGS = ROOT / "proof" / "surroundings"  # what is wrong around a bot, without a shim
UNCHANGED = SURROUNDINGS / "unchanged.js"


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to change any bot.

    ``noticed_by`` are ids of checks that it must turn red, none for a benign one, and ``degrades`` of
    those that it must only degrade. ``bots`` are the names of the bots that it can be put around, empty
    for all. ``around`` is what is wrong with their surroundings; a manifest that has it needs no shim.
    """

    name: str
    changes: str
    shim: Path
    benign: bool
    noticed_by: frozenset[str] = frozenset()
    bots: frozenset[str] = frozenset()
    around: Surroundings = field(default_factory=Surroundings)
    degrades: frozenset[str] = frozenset()

    def fits(self, bot: str) -> bool:
        """Whether this bot has what the variant changes."""
        return not self.bots or bot in self.bots


def load(
    faults: Sequence[Path] = (FAULTS, SURROUNDINGS), benign: Sequence[Path] = (BENIGN,)
) -> tuple[Variant, ...]:
    """Every variant of the folders, by name. Raises UsageError for a wrong manifest or a name used twice."""
    found = [_read(path, benign=False) for folder in faults for path in sorted(folder.glob("*.toml"))]
    found += [_read(path, benign=True) for folder in benign for path in sorted(folder.glob("*.toml"))]
    names = [variant.name for variant in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        message = f"names are used twice: {', '.join(twice)}"
        raise UsageError(message, remedy="a name stands for one variant, be it a fault or a benign one")
    return tuple(found)


def select(variants: Sequence[Variant], wanted: Collection[str]) -> tuple[Variant, ...]:
    """Those that are named, or all when none is. Raises UsageError for a name that does not exist."""
    if unknown := sorted(set(wanted) - {variant.name for variant in variants}):
        message = f"there is no fault or benign variant {', '.join(unknown)}"
        raise UsageError(message, remedy=f"they lie in {FAULTS} and {BENIGN}")
    return tuple(variant for variant in variants if not wanted or variant.name in wanted)


def _read(path: Path, *, benign: bool) -> Variant:
    try:
        members: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        noticed_by = frozenset() if benign else frozenset(members["noticed_by"])
        around = read_surroundings(members.get("around", {}))
        own = path.with_suffix(".js")
        shim = own if own.exists() or "around" not in members else UNCHANGED
        bots, degrades = (frozenset(members.get(name, ())) for name in ("bots", "degrades"))
        return Variant(path.stem, str(members["changes"]), shim, benign, noticed_by, bots, around, degrades)
    except KeyError as error:
        raise UsageError(f"{path}: {error.args[0]!r} is missing") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}") from error

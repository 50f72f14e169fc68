"""What became of a team's own rollback command: its word against what the API and the edge say."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.drill.rollback_command import CommandEnded
from backstop.model.command_outcome import CommandOutcome
from backstop.model.version import Deployment, VersionId
from backstop.rollback.testimony import Confirmation, Witness, Word

_QUOTED = 300  # characters of what the command wrote


@dataclass(frozen=True, slots=True)
class CommandVerdict:
    """``detail`` is a sentence of what was found and what was wanted; empty where all is well."""

    outcome: CommandOutcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """What is deployed, neither the good version nor the fault; ``alike``: the good one but for its id."""

    label: str
    alike: bool


def judge(
    ended: CommandEnded,
    confirmation: Confirmation,
    head: Deployment,
    fault: VersionId,
    other: Other | None = None,
) -> CommandVerdict:
    """Judge a command that should have brought ``confirmation.wanted`` back; ``head`` is deployed now."""
    outcome = _outcome(ended, confirmation, head, fault)
    if outcome is CommandOutcome.WRONG_VERSION and other is not None and other.alike:
        outcome = CommandOutcome.ANEW
    if outcome is CommandOutcome.DONE:
        return CommandVerdict(outcome)
    if outcome is CommandOutcome.UNCONFIRMED:
        return CommandVerdict(outcome, confirmation.dissent)
    found = f"{ended.ended}, and {_deployed(confirmation.wanted, head, fault, other)}"
    wrote = " ".join(ended.output.split())
    said = f"; it last wrote: {wrote[-_QUOTED:]}" if wrote else "; it wrote nothing"
    return CommandVerdict(outcome, found + said)


def _outcome(
    ended: CommandEnded, confirmation: Confirmation, head: Deployment, fault: VersionId
) -> CommandOutcome:
    if ended.hung:
        return CommandOutcome.HUNG
    well = ended.act.word is Word.DONE
    if head.only_version == fault:
        return CommandOutcome.LIED if well else CommandOutcome.DID_NOTHING
    if head.only_version != confirmation.wanted:
        return CommandOutcome.WRONG_VERSION
    if any(not said.agrees for said in confirmation.testimonies if said.witness is not Witness.COMMAND):
        return CommandOutcome.UNCONFIRMED
    return CommandOutcome.DONE if well else CommandOutcome.MISREPORTED


def _deployed(wanted: VersionId, head: Deployment, fault: VersionId, other: Other | None) -> str:
    if head.only_version == wanted:
        return "the good version serves"
    if head.only_version == fault:
        return f"the fault {fault} still serves; wanted {wanted}"
    if other is None:
        return f"deployed is {head.shown}; wanted {wanted}"
    if other.alike:
        why = "of the same code and settings, built from what is checked out here"
        return f"deployed is {other.label}, a new version {why}; wanted {wanted} itself"
    return f"deployed is another version, {other.label}; wanted {wanted}"

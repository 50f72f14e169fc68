"""``pre_deploy`` of a target: its own commands before a deploy, and where the deploy goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backstop.model.pre_deploy import PreDeploy
from backstop.model.target import Target
from backstop.settings.faults import FaultList, listed, nearest
from backstop.settings.table import Table

_DEFAULT = PreDeploy()
_MOST_S = 3600.0
_WANTED = 'a list of commands in words, such as [["npm", "run", "quality-check"]]'


def read_pre_deploy(table: Table) -> PreDeploy:
    """What is wrong is left with the table."""
    gate = table.table("pre_deploy", 'a table, such as { commands = [["npm", "run", "quality-check"]] }')
    if gate is None:
        return _DEFAULT
    commands = tuple(_commands(gate))
    if commands and "project" not in table:
        gate.fault("commands", "found without project: they are run in the bot's project")
    limit = gate.number("limit_s") or _DEFAULT.limit_s
    if limit > _MOST_S:
        gate.wanted("limit_s", f"seconds, at most {_MOST_S:g}")
    found = PreDeploy(commands, limit, gate.text("to"))
    gate.finish()
    return found


def refuse_wrong_destinations(targets: Mapping[str, Target], faults: FaultList) -> None:
    """A deploy goes to a target of the same file that is deployed somewhere."""
    for name, target in targets.items():
        to, key = target.pre_deploy.to, ("targets", name, "pre_deploy", "to")
        if to and to not in targets:
            hint = nearest(to, targets) or f"; there are: {listed(targets)}"
            faults.add(key, f'there is no target "{to}"{hint}')
        elif to and targets[to].sandbox:
            faults.add(key, f'"{to}" is a sandbox, which is made for each run: nothing is deployed there')


def _commands(gate: Table) -> Iterator[tuple[str, ...]]:
    found = gate.value("commands")
    if found is None:
        return
    if not isinstance(found, list):
        gate.wanted("commands", _WANTED)
        return
    for words in found:
        if isinstance(words, list) and words and all(isinstance(word, str) and word for word in words):
            yield tuple(words)
        else:
            gate.wanted("commands", f"{_WANTED}: no shell reads them")
            return

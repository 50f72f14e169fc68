"""The published schemas say what the code writes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from backstop.journal.codec import to_line
from backstop.journal.conclusion import conclude
from backstop.journal.merge import Source, merge
from backstop.journal.schema import journal_schema
from backstop.model.severity import Severity
from backstop.model.verdict import Ending, Outcome, Verdict
from backstop.report.merged_verdict import merged_verdict
from backstop.report.verdict_json import verdict
from tests.unit.samples import drill

SCHEMAS = Path(__file__).parents[2] / "reports" / "schema"


def published(name: str) -> dict[str, Any]:
    """A schema as it is in the repository."""
    schema: dict[str, Any] = json.loads((SCHEMAS / name).read_text())
    return schema


def test_the_published_journal_schema_is_the_one_of_the_events() -> None:
    """Whoever changes an event writes the schema again, and raises its number."""
    assert (SCHEMAS / "journal-1.json").read_text() == journal_schema()


def test_every_line_of_a_drill_has_the_members_of_its_kind() -> None:
    """No more and no fewer than the schema names."""
    kinds = published("journal-1.json")["$defs"]

    for record in drill():
        line = json.loads(to_line(replace(record, chain="0" * 64)))
        assert line.keys() == kinds[line["kind"]]["properties"].keys()
        assert "chain" not in kinds[line["kind"]]["required"]


def test_the_verdict_schema_names_all_keys_and_words() -> None:
    """An exit code or a word that is missing there would break somebody's script."""
    schema = published("verdict-1.json")
    members = schema["properties"]
    check = members["checks"]["additionalProperties"]

    merged = merged_verdict(merge([Source("drill", drill())]))
    assert members.keys() == verdict(conclude(drill())).keys() | merged.keys()
    assert members.keys() - set(schema["required"]) == {"seal", "policy", "journals", "missing"}
    assert set(schema["required"]) <= merged.keys() & verdict(conclude(drill())).keys()
    assert members["verdict"]["enum"] == [word.value for word in Verdict]
    assert members["exit_code"]["enum"] == [int(ending) for ending in Ending]
    assert (
        members["severity"]["enum"] == check["properties"]["severity"]["enum"] == [s.value for s in Severity]
    )
    assert check["properties"]["outcome"]["enum"] == [outcome.value for outcome in Outcome]

"""What somebody deploys over a rollback while a session validates it, as it is typed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.contract.support import eventually
from tests.drill.conftest import LIMIT
from tests.rollback.incident import Incident
from tests.rollback.sessions import as_deployed, session


def _is_rolled_back(folder: Path) -> bool:
    """Whether the journal says that the witnesses agreed: the rest of the session validates."""
    journals = list((folder / "reports").glob("*/journal.jsonl"))
    return bool(journals) and '"kind": "rollback-finished"' in journals[0].read_text()


@pytest.mark.parametrize(("over", "code"), [("bad", 22), ("good", 0)])
def test_somebody_deploys_over_it(incident: Incident, tmp_path: Path, over: str, code: int) -> None:
    """Checks may have looked at either then: unconfirmed. The same version once more changes nothing."""
    targets = as_deployed(incident, tmp_path)
    version = {"bad": incident.bad, "good": incident.good}[over]
    typed = ("-m", "post_rollback", "--rollback", "--reason=proof", f"--expect-live={incident.bad}")

    with ThreadPoolExecutor() as pool:
        running = pool.submit(session, tmp_path, *typed, targets=targets)
        eventually(lambda: _is_rolled_back(tmp_path), seconds=LIMIT)
        incident.deploy_by_hand(version)
        ended = running.result(LIMIT)

    assert code == ended.code, ended.output
    (finished,) = ended.lines("rollback-finished")
    assert "done" == finished["outcome"]
    assert 1 == len(incident.made_by(ended.verdict["run"]))
    assert version == incident.last["versions"][0]["version_id"]
    assert (code == 22) == ("before that was validated" in ended.output)
    assert ("unconfirmed" if code else "verified") == ended.verdict["verdict"]
    assert [] == ended.left

"""What monitors remember of how many requests failed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from backstop.monitor.ledger import Count, Ledgers

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def test_a_broken_file_is_where_it_is_said(tmp_path: Path) -> None:
    """Also once the look that said so has written its own."""
    ledgers = Ledgers(tmp_path)
    with ledgers.open("prod") as ledger:
        ledger.count(NOW, [Count("probes", "", 1, 0)])
        (path,) = (ledgers.path("prod") / "counts").glob("*.json")
        path.write_text("{")

        assert () == ledger.counted(NOW, NOW)
        ledger.count(NOW, [Count("tail", "", 1, 0)])

    assert f"{path.name}.broken" in ledger.remarks[0]
    assert path.with_name(f"{path.name}.broken").is_file()

"""Rollbacks with people who are told: what the doubles of the services were sent, and what people saw."""

from __future__ import annotations

from tests.telling.audience import Audience, trail


def test_everybody_is_told_of_a_rollback(audience: Audience) -> None:
    """Before the act and once it is verified: two messages, one that changes, and one public incident."""
    ended = audience.roll_back()

    assert 0 == ended.code, ended.output
    assert all(ok for _, _, ok in trail(ended)), trail(ended)
    assert ["🚨 mine: rollback initiated", "✅ mine: rolled back and verified"] == audience.headers()
    (notice,) = audience.discord()
    assert 2 == len(notice["said"])
    assert "**Bot Maintenance Notice**" in notice["said"][0]
    assert "is back" in notice["content"]
    assert ["investigating", "identified", "monitoring"] == audience.statuses()
    assert "operational" == audience.incidents()[0]["component"]

"""The half hour after a rollback: nothing gets worse, and somebody looked all the time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.errors import CouldNotLook
from backstop.observe.watched import Watched, Worse
from fixtures.state import NotApplicable

_STEP = "Post-rollback: monitoring phase (first 30 minutes)"
_ROLL_BACK = (
    'if it goes on: pytest -m post_rollback --rollback --reason "…"; read: wrangler tail --status error'
)


@pytest.mark.check("watch.probes", severity="high", step=_STEP)
def test_probes(watched: Watched, remark: Callable[[str], None]) -> None:
    """Our probes are answered, all the time"""
    total, worse = watched.total, watched.of(Worse.PROBES)

    assert not worse, f"found {worse}\n→ {_ROLL_BACK}"
    if not total.sent - total.unseen:
        raise CouldNotLook(f"no probe says anything of the bot: {watched.unwatched}")
    remark(f"{total.failed} of {total.sent} probes failed")


@pytest.mark.check("watch.tail", severity="high", step=_STEP)
def test_tail(watched: Watched, remark: Callable[[str], None]) -> None:
    """No version fails more requests in the tail than the policy allows"""
    total, worse = watched.total, watched.of(Worse.TAIL)

    assert not worse, f"found {worse}\n→ {_ROLL_BACK}"
    if not total.events:
        raise CouldNotLook(
            "the tail showed no event, which is not the same as no errors", remedy=_remedy(watched)
        )
    remark(f"{total.failures} of {total.events} requests in the tail failed")


@pytest.mark.check("watch.limits", severity="high", step="3. Performance degradation, step 2")
def test_limits(watched: Watched, degraded: Callable[[str], None]) -> None:
    """No request exceeds its CPU or its memory"""
    total, worse = watched.total, watched.of(Worse.LIMITS)

    assert not worse, f"found {worse}\n→ {_ROLL_BACK}"
    if not total.events:
        raise CouldNotLook("the tail showed no event, so none that exceeded a limit", remedy=_remedy(watched))
    if total.exceeded:
        degraded(f"{total.exceeded} of {total.events} requests exceeded their CPU or memory")


@pytest.mark.check("watch.latency", severity="medium", step="3. Performance degradation, step 3")
def test_latency(watched: Watched, remark: Callable[[str], None]) -> None:
    """The mean time to first byte of our probes stays under the policy's threshold"""
    total, worse = watched.total, watched.of(Worse.LATENCY)

    assert not worse, f"found {worse}\n→ look for slow fetches in the tail; {_ROLL_BACK}"
    if not total.mean:
        message = "no probe was answered, so none was timed"
        raise CouldNotLook(message, remedy="see watch.probes")
    remark(f"mean {total.mean:.3f} s")


@pytest.mark.check("watch.whole", severity="high", step=_STEP)
def test_whole(watched: Watched, degraded: Callable[[str], None]) -> None:
    """Tail and probes looked for the whole time"""
    if watched.findings:
        message = "it ended early because the bot got worse" if _early(watched) else "the bot is worse"
        raise NotApplicable(message)
    if watched.unwatched:
        raise CouldNotLook(watched.unwatched, remedy=_remedy(watched))
    if watched.sampled:
        degraded(
            f"Cloudflare left events out of the tail in {watched.sampled} minutes: it is sampled under load"
        )
    if watched.lost:
        degraded(f"the tail was lost {watched.lost} times, and opened anew")


def _early(watched: Watched) -> bool:
    return watched.total.seconds < watched.wanted


def _remedy(watched: Watched) -> str:
    return "; ".join(watched.trouble[:2]) or "let the token read tails (Workers Tail: Read), and watch again"

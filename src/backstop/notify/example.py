"""A made-up incident, to read a team's templates by. Nothing of it is sent to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from backstop.model.target import Target
from backstop.notify.audience import TITLES, apart
from backstop.notify.notifier import Known
from backstop.notify.occasion import ALERTS, Occasion
from backstop.notify.story import Story
from backstop.notify.texts import Texts

_KNOWN = Known("3acaa75a", "1")
_ENDED = frozenset({Occasion.COMPLETED, Occasion.FAILED, Occasion.RESOLVED, Occasion.DRILL_ENDED})


def example(target: Target, occasion: Occasion) -> Story:
    """What there would be to tell of a rollback, an alert or a drill of this target."""
    told = Story(
        occasion=occasion.value,
        drill=False,
        target=target.name,
        worker=target.worker or target.name,
        run="3acaa75a",
        session="post rollback",
        at="2026-11-25 14:07 UTC",
        since="2026-11-25 14:05 UTC",
        severity="critical",
        state="in progress",
        verdict="",
        reason="commands time out",
        by="ada",
        from_version="71570803 v2.0.0 “Rewrite of /register”",
        to_version="6f1c2b0e v1.9.3 “Answer /register faster”",
        took="",
        findings=(),
        next_step="",
        report="reports/20261125T140500Z-post_rollback-prod/report.html",
        seal="",
        commands=tuple(dict.fromkeys(f"/{each.name}" for each in target.commands)),
    )
    if occasion in ALERTS.values():
        return replace(told, state="", subject="health", alert="503 in the last 3 looks", failures=3)
    if occasion not in _ENDED:
        return told
    if occasion is not Occasion.FAILED:
        return replace(told, state="VERIFIED · 88 passed", verdict="verified", took="41.2 s")
    return replace(
        told,
        state="FAILED · critical · 1 failed · 87 passed",
        verdict="failed",
        took="41.2 s",
        findings=("health.status: found 503, wanted 200",),
        next_step="begin with health.status: the report shows what it found and wanted",
    )


def examples(target: Target, texts: Texts) -> Iterator[tuple[str, str]]:
    """For each channel and each occasion that it would hear of: a heading, and the message."""
    for notifier, _ in apart(target.channels):
        for occasion in Occasion:
            if not (notifier.hears(occasion, None) or notifier.hears(occasion, _KNOWN)):
                continue
            words = texts.words(notifier.name, occasion, example(target, occasion))
            if words is not None:
                yield f"{TITLES[notifier.name]}, {occasion.value}", f"{words.title}\n\n{words.text}".strip()

"""What a drill that was cut short has left at Cloudflare, known by its marks on every machine."""

from __future__ import annotations

from collections.abc import Sequence

from backstop.model.version import Deployment, Version
from backstop.rollback.marker import Mark, Part, mark_of
from backstop.rollback.secrets import made_by_secrets

GOOD_AGAIN = "drill: a good build again"  # the words on what a drill uploads last


def fault_that_serves(head: Deployment) -> Mark | None:
    """The mark of the drill whose fault has all of the traffic or a part of it; None where none has."""
    mark = mark_of(head.message)
    if mark is None or mark.part is not Part.FAULT or mark.from_version is None:
        return None
    return mark if mark.to_version in head.versions else None


def faulty_upload(listed: Sequence[Version]) -> Version | None:
    """The newest upload where it is a drill's bad one; ``listed`` is newest first.

    What a mere change of secrets made has the code of the upload before it.
    """
    newest = next((each for each in listed if not made_by_secrets(each)), None)
    mark = mark_of(newest.message) if newest else None
    if newest is None or mark is None or mark.part is Part.REAL or newest.words == GOOD_AGAIN:
        return None
    return newest

"""The version that a bot says it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backstop.model.version import VersionId, version_id


def versions_shown(body: Mapping[str, object]) -> tuple[VersionId, ...]:
    """Version ids under a member that is named for a version, at the top or one level below."""
    named = [value for name, value in body.items() if "version" in name.lower()]
    nested = [value for value in body.values() if isinstance(value, dict)]
    for inner in nested:
        named += [value for name, value in inner.items() if "version" in name.lower()]
    return tuple(dict.fromkeys(found for value in named for found in _ids(value)))


def _ids(value: object) -> Iterator[VersionId]:
    """The id itself, or the metadata object that holds it."""
    text = value.get("id") if isinstance(value, dict) else value
    if isinstance(text, str):
        try:
            yield version_id(text.lower())
        except ValueError:
            return

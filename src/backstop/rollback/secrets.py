"""Which secrets changed between two versions, as far as anybody but Cloudflare can know."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from backstop.model.version import Version
from backstop.rollback.survey import Survey

_TRIGGER = "secret"
_MOST_READ = 5
_DISCORD = re.compile("DISCORD_")
# What wrangler writes on a version that `wrangler versions secret` makes.
_WRITTEN = re.compile(r"(?:Updated|Deleted|Created|Bulk updated) (?:\d+ )?secrets?(?: \"(?P<name>[^\"]+)\")?")


def changes_between(listed: Sequence[Version], serving: Version, wanted: Version) -> tuple[str, ...]:
    """The changes of secrets between two versions, a sentence each.

    Names come from the two versions in full, who and when from ``listed``. That a value alone was set anew
    by an ordinary deploy shows nowhere: then Cloudflare alone knows (code 10220).
    """
    older, newer = sorted((wanted, serving), key=lambda version: version.number)
    by_name = [f"{name} {_how(name, serving)}" for name in _differing(serving, wanted)]
    made = [each for each in listed if older.number < each.number <= newer.number and made_by_secrets(each)]
    return (*by_name, *map(_in_words, made))


def sibling_of(survey: Survey, wanted: Version) -> Version | None:
    """The newest version that a change of secrets made of ``wanted``; None where there is none."""
    serving = survey.numbers.get(survey.serving, 0)
    later = [
        each for each in survey.listed if wanted.number < each.number < serving and made_by_secrets(each)
    ]
    alike = (survey.version(each.id) for each in later[:_MOST_READ])
    return next((each for each in alike if wanted.etag and each.etag == wanted.etag), None)


def lacking(serving: Version, wanted: Version, required: Collection[str]) -> tuple[str, ...]:
    """The names of secrets that the bot needs, has now, and would be without.

    Where the target says nothing of what it requires, those of Discord are taken for needed.
    """
    lost = serving.secret_names - wanted.secret_names
    return tuple(sorted(name for name in lost if (name in required if required else _DISCORD.match(name))))


def _differing(serving: Version, wanted: Version) -> list[str]:
    return sorted(serving.secret_names ^ wanted.secret_names)


def _how(name: str, serving: Version) -> str:
    if name in serving.secret_names:
        return "is set now and was not then"
    return "was set then and is not now"


def made_by_secrets(version: Version) -> bool:
    """Whether a version changes secrets and nothing else."""
    return version.triggered_by == _TRIGGER or bool(_WRITTEN.match(version.message))


def _in_words(version: Version) -> str:
    found = _WRITTEN.match(version.message)
    name = found["name"] if found and found["name"] else "a secret"
    by = f" by {version.author}" if version.author else ""
    return f"{name} was changed{by} at {version.created:%Y-%m-%d %H:%M:%SZ} (version {version.id[:8]})"

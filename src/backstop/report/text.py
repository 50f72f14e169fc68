"""How values of a journal are put into words that a person reads."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from backstop.journal.record import NEVER

_KEPT = "\n\t"
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MINUTE = 60
_HOUR = 3600
_TENTH = 0.1
_TEN = 10
_HUNDRED = 100
_NEARLY_ALL = 99
_MOST = 4000
_AGES = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def visible(text: str) -> str:
    """Text in which nothing acts: control characters, direction marks and the like are spelt out."""
    if text.isascii() and text.isprintable():
        return text
    spelt = {ord(char): f"⟨U+{ord(char):04X}⟩" for char in set(text) if _hidden(char)}
    return text.translate(spelt) if spelt else text


def _hidden(char: str) -> bool:
    return char not in _KEPT and unicodedata.category(char) in _HIDDEN_CATEGORIES


def bounded(text: str, line: int | None = None, most: int = _MOST) -> str:
    """The first characters of a long text, saying how many more the journal holds."""
    if len(text) <= most:
        return text
    where = "" if line is None else f" {line}"
    return f"{text[:most]}\n… {len(text) - most} more characters in journal line{where}"


def duration(seconds: float) -> str:
    """A length of time as short as it can be said without losing what matters: 40 ms, 3.2 s, 4 min 05 s."""
    if seconds < _TENTH:
        return f"{seconds * 1000:.0f} ms"
    if seconds < _MINUTE:
        return f"{seconds:.2f} s" if seconds < _TEN else f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02d} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} min"


def allowed(seconds: float) -> str:
    """A length of time that somebody laid down, without parts that are nothing: 30 s, 2 min."""
    if seconds < 2 * _MINUTE:
        return f"{seconds:g} s"
    return duration(seconds).replace(" 00 s", "")


def milliseconds(value: float) -> str:
    """A time to first byte as precisely as it is known: 0.84, 12.3, 431 ms."""
    digits = 2 if value < 1 else 1 if value < _HUNDRED else 0
    return f"{value:.{digits}f} ms"


def clock(moment: datetime, *, dated: bool = False) -> str:
    """The time of day in UTC, to the second; with the day where others of it are from another one."""
    if moment == NEVER:
        return "--:--:--"
    return f"{moment:%Y-%m-%d %H:%M:%S}" if dated else f"{moment:%H:%M:%S}"


def day_and_time(moment: datetime) -> str:
    """A moment in UTC as people write it."""
    return "no time is known" if moment == NEVER else f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC"


def moment(text: str) -> str:
    """A time that somebody else wrote, in our way where it can be read, else as it is."""
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError):
        return text


def short_ids(text: str) -> str:
    """Text with version ids cut to the eight characters by which people tell them apart."""
    return _UUID.sub(lambda match: match.group()[:8], text)


def per_cent(value: float) -> str:
    """A share of a hundred to two digits, near and above a hundred to more: 0.81, 34, 99.97, 312."""
    if value >= _HUNDRED:
        return f"{value:.0f}"
    return f"{value:.4g}" if value > _NEARLY_ALL else f"{value:.2g}"


def number_of_stage(stage: str) -> str:
    """What a stage is called where there is little room: 7 of 7-fault-cpu-limit, or all of its name."""
    number, dash, _ = stage.partition("-")
    return number if dash and number.isdecimal() else stage


def at(text: str, address: str) -> str:
    """Text about one bot without that bot's own address, which is said once: ``GET /`` for its root."""
    origin = address.rstrip("/")
    return text.replace(f"{origin}/", "/") if origin else text


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def age(seconds: float) -> str:
    """How long ago something was, in the largest unit that says it: 40 s ago, 3 min ago, 2 days ago."""
    if seconds < 0:
        return "in the future, by this clock"
    length, unit = next((each for each in _AGES if seconds >= each[0]), _AGES[-1])
    return f"{plural(int(seconds // length), unit)} ago"

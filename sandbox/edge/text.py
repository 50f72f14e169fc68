"""Literals of workerd's configuration language."""

from __future__ import annotations

_PLAIN = frozenset(range(ord(" "), ord("~") + 1)) - frozenset(b'"\\')


def quoted(text: str) -> str:
    """A string literal, whatever the text contains."""
    return '"' + "".join(_escaped(byte) for byte in text.encode()) + '"'


def address(of: tuple[str, int]) -> str:
    """Host and port as a string literal."""
    return quoted(f"{of[0]}:{of[1]}")


def _escaped(byte: int) -> str:
    return chr(byte) if byte in _PLAIN else f"\\x{byte:02x}"

"""A buffer for output of any length: it keeps the beginning and the end."""

from __future__ import annotations

MOST = 256 * 1024


class Bounded:
    """Keeps the first and the last ``most`` bytes of what is fed to it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out = 0

    def feed(self, chunk: bytes) -> None:
        """Take more output."""
        room = self._most - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:]
        # Trimmed by halves, so that a long stream is not moved around for every chunk.
        if len(self._tail) > 2 * self._most:
            self._trim()

    def text(self) -> str:
        """What was kept, as UTF-8, with a line that says how much is missing between the two parts."""
        self._trim()
        gap = f"\n[… {self._left_out} bytes left out …]\n".encode() if self._left_out else b""
        return bytes(self._head + gap + self._tail).decode("utf-8", errors="replace")

    def _trim(self) -> None:
        excess = max(0, len(self._tail) - self._most)
        self._left_out += excess
        del self._tail[:excess]

"""Reading a body without ever holding more of it than was asked for."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable

from backstop.probes.silence import Unbearable

_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 47}  # 47: zlib or gzip framing, told apart by zlib


def bounded(
    chunks: Iterable[bytes], limit: int, begun: Callable[[], object] = lambda: None
) -> tuple[bytes, bool]:
    """The first ``limit`` bytes of a body, and whether more would have come.

    ``begun`` is called when the first of them are there.
    """
    kept = bytearray()
    for chunk in chunks:
        if chunk and not kept:
            begun()
        kept += chunk[: limit - len(kept) + 1]
        if len(kept) > limit:
            return bytes(kept[:limit]), True
    return bytes(kept), False


def decoded(body: bytes, encoding: str, limit: int) -> tuple[bytes, bool]:
    """Undo a content encoding, at most ``limit`` bytes of it, so that a bomb does no harm.

    We ask for no encoding; an unknown one is left as it came. Raises Unbearable when the body is
    not what its encoding says.
    """
    window = _WINDOWS.get(encoding.strip().lower())
    if window is None or not body:
        return body, False
    try:
        plain = zlib.decompressobj(window).decompress(body, limit + 1)
    except zlib.error as error:
        message = f"the body is not {encoding}, as its header says: {error}"
        raise Unbearable(message) from error
    return plain[:limit], len(plain) > limit

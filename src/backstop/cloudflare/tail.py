"""A worker's tail: what really ran, as Cloudflare saw it.

A tail is sampled and expires without a word, so that an event that is not there proves nothing.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from backstop.cloudflare.api import CloudflareApi, TailTicket
from backstop.cloudflare.tail_event import TailEvent, read_event
from backstop.deadline import DEADLINE
from backstop.model.errors import CouldNotLook

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

__all__ = ["Tail", "TailEvent"]

_SUBPROTOCOL = "trace-v1"
_KEPT = 2000
_LARGEST = 1024 * 1024
_OPEN_S = 10.0
_PING_S = 10.0
_CLOSE_S = 1.0
_JOIN_S = 3.0


class Tail:
    """Open for as long as the context lasts, and deleted after it. Keeps the newest 2,000 events.

    With ``each`` it keeps none, and hands each event to that, in a thread of its own.
    Entering raises what ``CloudflareApi.create_tail`` does, and CouldNotLook when it can't be opened.
    """

    def __init__(
        self,
        api: CloudflareApi,
        worker: str,
        filters: Sequence[Mapping[str, object]] = (),
        each: Callable[[TailEvent], object] | None = None,
    ) -> None:
        self._api = api
        self._worker = worker
        self._filters = tuple(filters)
        self._each = each
        self._events: deque[TailEvent] = deque(maxlen=_KEPT)
        self._news = threading.Condition()
        self._lost = ""
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            ticket = self._api.create_tail(self._worker, self._filters)
            opening.callback(self._delete, ticket)
            socket = self._connect(ticket, opening)
            reader = threading.Thread(target=self._read, args=(socket,), name="backstop-tail", daemon=True)
            reader.start()
            opening.callback(_end, socket, reader)
            self._stack = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def events(self) -> tuple[TailEvent, ...]:
        """What was seen until now, oldest first."""
        with self._news:
            return tuple(self._events)

    def find(self, wanted: Callable[[TailEvent], bool], deadline: float) -> TailEvent | None:
        """The first event that is wanted, among those seen and those of the next ``deadline`` seconds.

        None when there was none. Raises CouldNotLook when the tail was lost meanwhile.
        """
        with self._news:
            patience = min(deadline, DEADLINE.left())
            self._news.wait_for(lambda: self._lost or self._first(wanted), patience)
            found = self._first(wanted)
            if found is None and self._lost:
                message = f"the tail of {self._worker} was lost: {self._lost}"
                raise CouldNotLook(message, remedy="start again; a worker has ten tails at most")
            return found

    def _first(self, wanted: Callable[[TailEvent], bool]) -> TailEvent | None:
        return next((event for event in self._events if wanted(event)), None)

    def _connect(self, ticket: TailTicket, stack: ExitStack) -> ClientConnection:
        from websockets.exceptions import WebSocketException  # noqa: PLC0415 - only who opens a tail pays for it

        try:
            socket = stack.enter_context(_connecting(ticket.url))
            socket.send(json.dumps({"debug": False}))
        except (OSError, ValueError, WebSocketException) as error:
            message = f"the tail of {self._worker} can't be opened: {type(error).__name__}: {error}"
            raise CouldNotLook(message, remedy="see that the address of the tail can be reached") from error
        return socket

    def _read(self, socket: ClientConnection) -> None:
        """Take events until the connection ends; what is no event is left out."""
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - as above

        lost = "closed"
        try:
            for frame in socket:
                if (event := read_event(frame)) is not None:
                    self._take(event)
        except (ConnectionClosed, OSError) as error:
            lost = str(error) or type(error).__name__
        with self._news:
            self._lost = lost
            self._news.notify_all()

    @property
    def lost(self) -> str:
        """Why it shows nothing more; empty while its connection stands."""
        with self._news:
            return self._lost

    def _take(self, event: TailEvent) -> None:
        if self._each is not None:
            self._each(event)
            return
        with self._news:
            self._events.append(event)
            self._news.notify_all()

    def _delete(self, ticket: TailTicket) -> None:
        with suppress(CouldNotLook):  # it expires by itself
            self._api.delete_tail(self._worker, ticket.id)


def _connecting(url: str) -> AbstractContextManager[ClientConnection]:
    from websockets.sync.client import connect  # noqa: PLC0415 - as above
    from websockets.typing import Subprotocol  # noqa: PLC0415 - as above

    return connect(
        url,
        subprotocols=[Subprotocol(_SUBPROTOCOL)],
        open_timeout=_OPEN_S,
        ping_interval=_PING_S,
        ping_timeout=_PING_S,
        close_timeout=_CLOSE_S,
        max_size=_LARGEST,
        proxy=None,
    )


def _end(socket: ClientConnection, reader: threading.Thread) -> None:
    socket.close()
    reader.join(_JOIN_S)

"""A server that says how long it took by its own clock, in a process of its own.

It answers ``GET`` after a wait that the path names in microseconds, and prints its port first. It ends when
its standard input is closed.
"""

from __future__ import annotations

import socket
import sys
import threading
import time

_LARGEST = 65536
_HALF = 0.5


def _serve(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while request := connection.recv(_LARGEST):
            came = time.perf_counter_ns()
            _spend(int(request.split(b" ", 2)[1].strip(b"/") or b"0"), came)
            took = time.perf_counter_ns() - came
            head = f"HTTP/1.1 200 OK\r\nX-Took-Ns: {took}\r\nContent-Length: 2\r\n\r\nok"
            connection.sendall(head.encode())


def _spend(microseconds: int, came: int) -> None:
    """Wait exactly: most of it asleep, the rest by looking at the clock."""
    ends = came + microseconds * 1000
    left = (ends - time.perf_counter_ns()) / 1e9
    if left > 0:
        threading.Event().wait(left * _HALF)
    while time.perf_counter_ns() < ends:
        pass


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=_serve, args=(listening,), daemon=True).start()
    sys.stdin.read()

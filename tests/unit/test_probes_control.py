"""The control probe: tells our own network's trouble from the bot's."""

from __future__ import annotations

import socket

import pytest

from backstop.probes.control import ControlProbe, OwnNetwork
from tests.unit.loopback import RawServer, saying

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BAD = b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n"


def _nowhere() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/trace"


def test_one_address_that_answers_is_enough() -> None:
    """The second is asked when the first is silent."""
    with RawServer(saying(OK)) as server:
        assert ControlProbe((_nowhere(), f"{server.url}/trace")).answers()


@pytest.mark.parametrize("reply", [b"", BAD], ids=["silent", "502"])
def test_without_an_answer_our_network_is_in_doubt(reply: bytes) -> None:
    """An error of a proxy is no sign of life."""
    with RawServer(saying(reply)) as server:
        assert not ControlProbe((server.url, _nowhere())).answers()


def test_an_answer_is_believed_for_a_while() -> None:
    """Many silent probes in a row ask the independent address once, and again later."""
    now = [0.0]
    with RawServer(saying(OK)) as server:
        control = ControlProbe((server.url,), now=lambda: now[0])
        control.answers()
        control.answers()
        assert 1 == server.connections

        now[0] = 6.0
        control.answers()
        assert 2 == server.connections


def test_a_network_that_has_come_back_is_not_believed() -> None:
    """It was lost when the bot was silent; whether the bot was there nobody can know."""
    words = iter([False, True, True])
    network = OwnNetwork(lambda: next(words))
    network.note_silence()

    assert not network.works()


def test_a_network_that_always_worked_is_believed() -> None:
    """Then it is the bot that was silent."""
    network = OwnNetwork(lambda: True)
    network.note_silence()

    assert network.works()

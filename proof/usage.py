"""Somebody who uses the bot through Discord, for as long as a stage lasts."""

from __future__ import annotations

import threading
from contextlib import suppress
from urllib.parse import urljoin

from backstop.discord import payloads
from backstop.discord.courier import Courier
from backstop.model.errors import CouldNotLook
from backstop.model.target import Target

EVERY = 0.05  # seconds between two interactions
_MOST = 200
_JOIN = 15.0  # seconds; the last one may still be on its way


class Usage:
    """Has Discord send PINGs, up to 200 of them, until it is closed."""

    def __init__(self, courier: Courier, target: Target) -> None:
        self._courier = courier
        self._url = urljoin(target.url, target.interactions_path)
        self._application = target.discord_application_id
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._use, name="proof-usage", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop using it."""
        self._over.set()
        self._thread.join(_JOIN)

    def _use(self) -> None:
        for _ in range(_MOST):
            with suppress(CouldNotLook):  # what became of it is for the suites to see
                self._courier.deliver(self._url, payloads.ping(self._application))
            if self._over.wait(EVERY):
                return

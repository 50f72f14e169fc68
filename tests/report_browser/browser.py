"""Chromium without a window, driven over its DevTools protocol: no network, its own profile, no remains."""

from __future__ import annotations

import base64
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from backstop.polling import poll
from backstop.process import start

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_STARTED_S = 60.0
_ANSWERED_S = 60.0
_LARGEST = 64 * 1024 * 1024  # bytes of one message: a picture of a long page
_PORT = "DevToolsActivePort"
_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # the network is cut: no name leads anywhere
    "--proxy-server=127.0.0.1:9",  # nor does any address
    "--proxy-bypass-list=<-loopback>",
    "--remote-debugging-port=0",
)
_LOUD = {"error", "warning", "assert"}


class PageFailed(AssertionError):
    """Raised when the browser refuses a command or the page throws."""


def find_browser() -> str | None:
    """The browser on PATH, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass(slots=True)
class Page:
    """One tab. ``requests`` are the URLs that it asked for, ``complaints`` what it wrote to its console."""

    connection: ClientConnection
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    loaded: bool = False
    _numbers: Iterator[int] = field(default_factory=count)

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result. Raises PageFailed, TimeoutError."""
        number = next(self._numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = self._hear()
            if message.get("id") != number:
                continue
            if "error" in message:
                raise PageFailed(f"{method}: {message['error']}")
            found: dict[str, Any] = message["result"]
            return found

    def open(self, file: Path) -> None:
        """Open a file and wait until it is loaded."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.tell(f"{domain}.enable")
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        self.tell("Network.emulateNetworkConditions", **offline)
        self.tell("Page.navigate", url=file.resolve().as_uri())
        while not self.loaded:
            self._hear()

    def look(self, *, width: int, height: int = 900, dark: bool = False) -> None:
        """Look with a window of this size and in this colour scheme."""
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", features=[scheme])

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, or of the promise that it is. Raises PageFailed when it throws."""
        result = self.tell("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise PageFailed(str(result["exceptionDetails"])[:2000])
        return result["result"].get("value")

    def picture(self, top: int = 0, height: int | None = None) -> bytes:
        """A PNG of the whole page, or of ``height`` pixels from ``top``."""
        size = self.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": top, "width": size[0], "height": height or size[1] - top, "scale": 1}
        shot = self.tell("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def print(self) -> bytes:
        """The page as a PDF, as the print dialogue makes it."""
        made = self.tell("Page.printToPDF", printBackground=False, preferCSSPageSize=True)
        return base64.b64decode(made["data"])

    def _hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.connection.recv(timeout=_ANSWERED_S))
        self._note(message.get("method", ""), message.get("params", {}))
        return message

    def _note(self, method: str, said: Mapping[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])
        elif method == "Log.entryAdded" and said["entry"]["level"] in _LOUD:
            self.complaints.append(said["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and said["type"] in _LOUD:
            self.complaints.append(str(said["args"]))
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(said["exceptionDetails"]))


@contextmanager
def browsing(program: str) -> Iterator[str]:
    """A browser for as long as the context lasts: where it listens on this machine."""
    with tempfile.TemporaryDirectory(prefix="backstop-browser-", ignore_cleanup_errors=True) as profile:
        unconfined = ("--no-sandbox",) if os.geteuid() == 0 else ()  # its own sandbox refuses to run as root
        command = (program, *_OPTIONS, *unconfined, f"--user-data-dir={profile}", "about:blank")
        with start(command, env={"PATH": os.environ["PATH"], "HOME": profile, "TMPDIR": profile}):
            port = Path(profile) / _PORT
            lines = poll(lambda: _lines(port), deadline=_STARTED_S, what="the browser's DevTools")
            yield f"ws://127.0.0.1:{lines[0]}{lines[1]}"


@contextmanager
def tab(address: str) -> Iterator[Page]:
    """A new tab of a browser, closed at the end."""
    with connect(address, max_size=_LARGEST, compression=None) as connection:
        made = Page(connection).tell("Target.createTarget", url="about:blank")["targetId"]
    where = f"{address.partition('/devtools/')[0]}/devtools/page/{made}"
    with connect(where, max_size=_LARGEST, compression=None) as connection:
        page = Page(connection)
        yield page
        page.tell("Page.close")


def _lines(port: Path) -> list[str] | None:
    """Both lines of the file in which the browser says where it listens, once it is whole."""
    try:
        lines = port.read_text(encoding="utf-8").split("\n")
    except OSError:
        return None
    return lines if len(lines) > 1 and lines[1] else None

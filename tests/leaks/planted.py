"""Secrets that are planted everywhere, services that say them back, and a search for what is left of them."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

APPLICATION = "1234567890123456789"
ACCOUNT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
PUBLIC_KEY = "7a1f0c52de9b44c6a3e85b0d1e2f9c3847566a1b2c3d4e5f60718293a4b5c6d7"
WEBHOOK_ID = "998877665544332211"

ID_IN_TOKEN = base64.b64encode(APPLICATION.encode()).decode().rstrip("=")
DISCORD_TOKEN = f"{ID_IN_TOKEN}.Gq7x2Z.k3Vt9QmX0bLr8JyWn5Hs2DfUe7PaCz4RoTi6Gv"
SIGNING_KEY = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ACCESS = "xK9-mQ2_vT7rB4nZ8wLp3sYd6hJc1fGa"
CLOUDFLARE = "v1Qz8Lk3Xw_T6nB2rM9dYp4Hs7JcFg0aEu5"
WEBHOOK = "Zt5-Rk8wQn2_Vx7bLm4PjY9sHd3CgFa6TeUo1Ki0"  # in no configuration: known by its shape alone
BEARER = "qP4.Ws9-Lm2_Zx7bVk5RnT8yHd3JgCf6Ae1"  # same

# What of each is secret; of a Discord token not the id of its application.
SECRETS = {
    "Discord token": DISCORD_TOKEN.partition(".")[2],
    "signing key": SIGNING_KEY,
    "access header": ACCESS,
    "Cloudflare token": CLOUDFLARE,
    "webhook token": WEBHOOK,
    "bearer": BEARER,
}
VARIABLES = {
    "DISCORD_TOKEN": DISCORD_TOKEN,
    "MINE_SIGNING_KEY": SIGNING_KEY,
    "MINE_ACCESS_SECRET": ACCESS,
    "CLOUDFLARE_API_TOKEN": CLOUDFLARE,
    "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
}
BY_SHAPE = {
    "webhook": f"https://discord.com/api/webhooks/{WEBHOOK_ID}/{WEBHOOK}",
    "header": f"Authorization: Bearer {BEARER}",
}
KNOWN = "|".join(VARIABLES.values())  # what is known even where it is cut short
# One text with all of them, and with what must stay readable.
ALL = " | ".join((*VARIABLES.values(), *BY_SHAPE.values(), PUBLIC_KEY))

_PIECE = 8


def forms(secret: str) -> Iterator[str]:
    """A secret as it may be written: as it is, for an address, in hex and in base64 at each alignment."""
    yield secret
    yield quote(secret, safe="")
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret.encode()).decode().rstrip("=")
        yield encoded[(0, 2, 3)[before] : -1]


def pieces(secret: str) -> set[str]:
    """Every part of eight characters, of every form."""
    return {form[at : at + _PIECE] for form in forms(secret) for at in range(len(form) - _PIECE + 1)}


def found_in(text: str) -> list[str]:
    """Which secrets a text holds a piece of, with the piece and what stands around it."""
    return [
        f"{name}: {piece} in …{text[max(0, text.index(piece) - 60) : text.index(piece) + 40]!r}…"
        for name, secret in SECRETS.items()
        for piece in sorted(pieces(secret))
        if piece in text
    ]


@contextmanager
def echo() -> Iterator[str]:
    """A bot, a Cloudflare and a Discord in one: every answer says what it was sent, and all it knows."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            sent = self.rfile.read(length).decode(errors="replace")
            heard = f"{self.path} {dict(self.headers)} {sent} knows {ALL}"
            message = {"code": 9109, "message": f"Invalid access token: {heard}"}
            answer = {
                "success": False,
                "errors": [message],
                "message": heard,
                "status": heard,
                "result": None,
            }
            payload = json.dumps(answer).encode()
            self.send_response(403 if "/client/" in self.path or "/api/" in self.path else 500)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.send_header("x-debug", ALL)
            self.send_header("location", f"/next?token={ACCESS}")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(payload)

        do_POST = do_PUT = do_HEAD = do_OPTIONS = do_DELETE = do_PATCH = do_GET  # noqa: N815 - called so

        def log_message(self, *_arguments: object) -> None:
            """Keep the test's output to itself."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def files_of(folder: Path, but: frozenset[Path]) -> dict[Path, str]:
    """Every file below a folder but those that were put there before, as text."""
    return {
        path: path.read_bytes().decode(errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path not in but
    }

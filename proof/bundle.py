"""All shims around one bot, bundled by one run of the esbuild that wrangler brings, and as wrangler does."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from backstop.cloudflare.wrangler import THE_BOT
from backstop.environment import read_environment
from backstop.model.errors import UsageError
from backstop.process import run
from backstop.root import project_root

LIMIT = 60.0  # seconds for all of them
_SETTINGS = (
    "--bundle",
    "--format=esm",
    "--target=es2024",
    "--conditions=workerd,worker,browser",
    "--keep-names",
    "--loader:.js=jsx",
    "--loader:.mjs=jsx",
    "--loader:.cjs=jsx",
    '--define:process.env.NODE_ENV="production"',
    "--external:cloudflare:*",
    "--external:node:*",
    "--external:crypto",  # a package may want it where there is no Web Crypto; workerd has that
    "--log-level=warning",
)
_SHOWN = 2000


def bundle(shims: Mapping[str, Path], main: Path) -> dict[str, bytes]:
    """The module of each shim by its name. Raises UsageError with esbuild's words when one does not build."""
    if not shims:
        return {}
    with tempfile.TemporaryDirectory(prefix="backstop-proof-") as made:
        out = Path(made)
        _esbuild([f"{name}={path}" for name, path in shims.items()], main, out)
        return {name: (out / f"{name}.js").read_bytes() for name in shims}


def _esbuild(entries: Sequence[str], main: Path, out: Path) -> None:
    argv = [str(_program()), *entries, *_SETTINGS, f"--alias:{THE_BOT}={main}", f"--outdir={out}"]
    ended = run(argv, env=read_environment().handed_down(), cwd=main.parent, limit=LIMIT)
    if ended.returncode:
        message = f"a shim does not build around {main}:\n{ended.stderr.strip()[:_SHOWN]}"
        raise UsageError(message, remedy="mend that shim")


def _program() -> Path:
    arm = platform.machine().lower() in {"arm64", "aarch64"}
    package = f"{platform.system().lower()}-{'arm64' if arm else 'x64'}"
    return project_root() / "node_modules" / "@esbuild" / package / "bin" / "esbuild"

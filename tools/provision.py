"""What a checkout needs: a virtual environment, this project in it, and wrangler with its workerd."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tools.steps import SetupFailed, Step, digest

ROOT = Path(__file__).resolve().parent.parent
_LIMIT_S = 1800.0
_MIRROR = "check the network and the package mirror of this machine"
_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install")
_PINNED = ("--require-hashes", "--no-compile", "--requirement")


def steps(root: Path) -> Iterator[Step]:
    """The steps in their order. Each is looked at only when the ones before it are done."""
    yield _packages(root)
    yield _project(root)
    yield _wrangler(root)


def provision(root: Path = ROOT) -> int:
    """Do what is not done yet. Exit code: 0 ready, 1 not, 130 interrupted, 143 terminated."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        return _provision(root)
    except SetupFailed as failure:
        return _say_why(str(failure), 1)
    except OSError as error:
        return _say_why(f"{error}; mend that, then run `make setup` again.", 1)
    except KeyboardInterrupt:
        return _say_why("interrupted; the next `make setup` goes on from here.", 130)


def _provision(root: Path) -> int:
    if all(step.is_done() for step in steps(root)):
        print("setup: up to date")
        return 0
    logs = root / ".stamps"
    logs.mkdir(exist_ok=True)
    started = time.monotonic()
    with alone(logs / "lock"):
        for step in steps(root):
            if not step.is_done():
                print(f"setup: {step.name} …", flush=True)
                step.run(logs / f"{step.stamp.stem}.log")
    print(f"setup: ready after {time.monotonic() - started:.0f} s")
    return 0


def _packages(root: Path) -> Step:
    """Always from an empty environment: pip takes half of an interrupted install for a whole one.

    pip itself comes first: the one that venv brings may be old, and old ones take three times as long.
    """
    python = str(root / ".venv" / "bin" / "python")
    locks = ("tools/pip.lock", "requirements.lock")
    return Step(
        name="Python packages from requirements.lock",
        root=root,
        stamp=root / ".venv" / "packages.stamp",
        identity=digest([root / lock for lock in locks], sys.version, str(root)),
        commands=(
            (sys.executable, "-m", "venv", "--clear", str(root / ".venv")),
            *((python, *_PIP, *_PINNED, lock) for lock in locks),
            (python, "-m", "tools.bytecode"),
        ),
        proofs=(".venv/bin/python", ".venv/bin/pytest"),
        remedy=_MIRROR,
        limit=_LIMIT_S,
    )


def _project(root: Path) -> Step:
    offline = ("--no-index", "--no-deps", "--no-build-isolation")
    return Step(
        name="the backstop command",
        root=root,
        stamp=root / ".venv" / "project.stamp",
        identity=digest([root / "pyproject.toml", root / "src" / "backstop" / "__init__.py"]),
        commands=((str(root / ".venv" / "bin" / "python"), *_PIP, *offline, "--editable", "."),),
        proofs=(".venv/bin/backstop",),
        remedy="undo the last change of pyproject.toml",
        limit=_LIMIT_S,
    )


def _wrangler(root: Path) -> Step:
    inputs = [root / name for name in ("package.json", "package-lock.json", ".npmrc")]
    return Step(
        name="npm ci of wrangler and workerd",
        root=root,
        stamp=root / "node_modules" / "wrangler.stamp",
        identity=digest(inputs),
        commands=(
            (
                str(root / ".venv" / "bin" / "python"),
                "-m",
                "tools.npm",
                "ci",
                "--ignore-scripts",
                "--prefer-offline",
            ),
        ),
        proofs=("node_modules/wrangler/bin/wrangler.js", "node_modules/@cloudflare/workerd-*/bin/workerd"),
        remedy="check the network, npm's registry setting and package-lock.json",
        limit=_LIMIT_S,
    )


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Keep a second set-up of the same checkout out. Raises SetupFailed when one is at work.

    Children inherit the lock: pip or npm that outlives a killed set-up still keeps the next one out.
    """
    with lock.open("w", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = "another set-up is at work in this checkout; run `make setup` again when it is done."
            raise SetupFailed(message) from None
        os.set_inheritable(held.fileno(), True)  # noqa: FBT003  positional by its signature
        yield


def _terminated(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


def _say_why(message: str, code: int) -> int:
    print(f"setup: {message}", file=sys.stderr)
    return code

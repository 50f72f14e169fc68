"""Where this project's own files are: suites, fixtures, sandbox, configuration, the lock of wrangler.

In a checkout that is its root; a wheel holds the same tree beside the library.
"""

from __future__ import annotations

from pathlib import Path

from backstop.model.errors import UsageError

_BUNDLE = Path(__file__).with_name("_bundle")


def is_installed() -> bool:
    """Whether this is an installed wheel, and no checkout."""
    return _BUNDLE.is_dir()


def project_root() -> Path:
    """The directory that holds our suites. Raises UsageError where there is none."""
    if is_installed():
        return _BUNDLE
    for directory in Path(__file__).resolve().parents:
        if (directory / "package.json").is_file() or (directory / "node_modules").is_dir():
            return directory
    message = f"no directory above {Path(__file__).parent} holds package.json and node_modules"
    raise UsageError(message, remedy="install backstop from its wheel, or from a clone of it")


def set_up() -> str:
    """What somebody types to have Node and wrangler put where they belong."""
    return "backstop setup" if is_installed() else "make setup"

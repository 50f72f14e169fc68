"""What holds of the checkout itself: no addresses of mirrors, a reason beside every ignore, small files."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 350
MADE_BY_TOOLS = {"node_modules", "reports", "build", "dist", "__pycache__"}
HIDDEN_BUT_OURS = {".ci", ".github", ".gitignore", ".npmrc"}

DOWNLOAD = re.compile(r"(?:https?|file|git)[^\s\"']*\.(?:tgz|tar\.gz|whl|zip)\b", re.IGNORECASE)
MIRROR = re.compile(r"https?://[^/\s\"']*(?:registry|pypi|npm|mirror)[^/\s\"']*", re.IGNORECASE)
MIRROR_SETTING = re.compile(
    r"--(?:extra-)?index-url|--find-links|^\s*[\w:@-]*registry\s*=|_authToken", re.MULTILINE
)
PLATFORMS = ("darwin-64", "darwin-arm64", "linux-64", "linux-arm64")

# A line of pyproject.toml that turns something off: a ruff code, a warning filter, an override of mypy.
SILENCER = re.compile(
    r'^\s*"[A-Z]+\d*",?\s*$|= \["[A-Z]+\d+.*\]|"ignore:|ignore_|disallow_\w+ = false|disable_error_code'
)
REASON = re.compile(r"# .*\w{3}")


@pytest.mark.parametrize("pattern", [DOWNLOAD, MIRROR, MIRROR_SETTING], ids=["download", "mirror", "setting"])
def test_no_file_holds_the_address_of_a_mirror(pattern: re.Pattern[str]) -> None:
    """Packages come from wherever the machine's own settings say."""
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in _files()
        if file != Path(__file__)
        for match in pattern.finditer(file.read_text(encoding="utf-8", errors="replace"))
    ]

    assert [] == found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (DOWNLOAD, '"resolved": "https://example.com/wrangler/-/wrangler-4.153.0.tgz"'),
        (DOWNLOAD, "pip @ file:///tmp/wheels/pip-26.3-py3-none-any.whl"),
        (MIRROR, "https://npm.example.com/wrangler"),
        (MIRROR_SETTING, "--extra-index-url somewhere"),
        (MIRROR_SETTING, "@scope:registry=somewhere"),
    ],
)
def test_address_of_a_mirror_would_be_noticed(pattern: re.Pattern[str], text: str) -> None:
    """The patterns match what they are there to keep out."""
    assert pattern.search(text)


def test_every_python_package_is_pinned_with_its_hashes() -> None:
    """One version and at least one hash for each package in the locks of Python."""
    for lock in ("requirements.lock", "tools/pip.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=\w)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())

        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", ["package-lock.json", "tools/allure/package-lock.json"])
def test_every_npm_package_is_pinned_with_its_hash(lock: str) -> None:
    """One version and a hash for each package in npm's locks, and no address."""
    packages = _npm_lock(lock)
    del packages[""]

    assert [] == [name for name, entry in packages.items() if not {"version", "integrity"} <= entry.keys()]
    assert [] == [name for name, entry in packages.items() if "resolved" in entry]


def test_npm_lock_serves_every_platform() -> None:
    """A lock made on one machine holds the workerd and the esbuild of the others."""
    names = _npm_lock().keys()

    for platform in PLATFORMS:
        assert f"node_modules/@cloudflare/workerd-{platform}" in names
        assert f"node_modules/@esbuild/{platform.replace('-64', '-x64')}" in names


def test_wrangler_is_pinned_to_one_release() -> None:
    """The contract with wrangler was observed for one release, so package.json names exactly one."""
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["wrangler"]

    assert re.fullmatch(r"\d+\.\d+\.\d+", wanted)
    assert wanted == _npm_lock()["node_modules/wrangler"]["version"]


def test_every_ignore_has_its_reason() -> None:
    """What pyproject.toml turns off says why, on its line or on the one above it."""
    assert [] == _unexplained((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ignore = [\n  "S101",\n]', ['"S101",']),
        ('"tests/**" = ["S101"]', ['"tests/**" = ["S101"]']),
        ('  "S101", # tests assert', []),
        ('  # old\n  "ignore:old:DeprecationWarning",', []),
        ("ignore_missing_imports = true", ["ignore_missing_imports = true"]),
    ],
)
def test_ignore_without_a_reason_would_be_noticed(text: str, expected: list[str]) -> None:
    """A bare code, filter or override is found; one with a reason is not."""
    assert expected == _unexplained(text)


def test_files_are_short() -> None:
    """A Python file that grows past the limit has more than one job."""
    lengths = {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8").count("\n")
        for file in _files()
        if file.suffix == ".py"
    }

    assert {} == {name: length for name, length in lengths.items() if length > LONGEST_FILE}


def _files() -> Iterator[Path]:
    """Every text file of the checkout that people wrote or that a lock is."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if _is_ours(name)]
        yield from (Path(folder) / name for name in names if _is_ours(name))


def _is_ours(name: str) -> bool:
    return name not in MADE_BY_TOOLS and (not name.startswith(".") or name in HIDDEN_BUT_OURS)


def _npm_lock(lock: str = "package-lock.json") -> dict[str, dict[str, object]]:
    packages: dict[str, dict[str, object]] = json.loads((ROOT / lock).read_text(encoding="utf-8"))["packages"]
    return packages


def _unexplained(text: str) -> list[str]:
    """The lines of a pyproject.toml that turn something off and have no comment on or right above them."""
    lines = text.splitlines()
    return [
        line.strip()
        for above, line in zip(["", *lines], lines, strict=False)
        if SILENCER.search(line.split("#")[0])
        and not REASON.search(line)
        and not REASON.fullmatch(above.strip())
    ]

"""Who may import whom: suites → fixtures → library → model, and a sandbox that knows none of them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What a part of the checkout must not import, directly or by name.
FORBIDDEN = {
    "backstop": {
        "_pytest",
        "pytest",
        "xdist",
        "allure",
        "bench",
        "fixtures",
        "sandbox",
        "soak",
        "suites",
        "tests",
        "tools",
    },
    "fixtures": {"bench", "sandbox", "soak", "suites", "tests", "tools"},
    "sandbox": {"backstop", "bench", "fixtures", "pytest", "soak", "suites", "tests", "tools"},
    "tools": {"backstop", "bench", "fixtures", "sandbox", "soak", "suites", "tests"},
}

# The library, from the ground up: each row imports only rows above it, and never its neighbours.
LAYERS = (
    {"model", "spellings"},
    {"bounded", "clock", "collecting", "policy", "polling", "redaction", "root"},
    {"deadline", "environment", "launch", "outlets", "pipes", "running", "storage"},
    {"process"},
    {"journal", "probes", "settings", "statistics"},
    {"monitor", "score"},
    # a report knows the journal, what drills proved, and nothing else
    {"cloudflare", "commit", "discord", "report"},
    {"access", "heartbeat", "rollback", "sandboxed"},
    {"outfit", "place"},
    {"drill", "observe", "provision"},
    {"conductor", "history", "notify", "onboard", "scoreboard"},
    {"cli"},
)
RANKS = {unit: rank for rank, units in enumerate(LAYERS) for unit in units}

# Suites state what must hold. What they state it of comes from fixtures, as values.
SUITES_MAY_IMPORT = {
    "backstop.discord.forgeries",  # what a row of the table of signatures is
    "backstop.model",
    "backstop.observe",  # what was seen of a bot
    "backstop.probes.headers",  # what a set of headers lacks: a pure function
    "backstop.score.standing",  # what drills have proven
    "backstop.rollback.testimony",  # what the witnesses of a rollback said
    "fixtures",
    "pytest",
    "suites",
}
NO_BUSINESS_OF_SUITES = {
    *("asyncio", "ftplib", "glob", "http", "io", "multiprocessing", "os", "pathlib", "select", "selectors"),
    *("shutil", "smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "tempfile", "threading"),
    *("time", "urllib"),
}


def test_no_part_of_the_checkout_imports_what_it_must_not_know() -> None:
    """The sandbox shares no bug with what it tests, and the library runs without pytest."""
    found = [
        f"{where} imports {name}"
        for part, forbidden in FORBIDDEN.items()
        for where, name in _imports(_home(part))
        if name.split(".")[0] in forbidden
    ]

    assert [] == found


def test_library_imports_point_downwards() -> None:
    """A unit of the library knows only units in the rows above its own in LAYERS."""
    found = [
        breach
        for where, name in _imports(_home("backstop"))
        if (breach := _upward(where.relative_to("src/backstop"), name))
    ]

    assert [] == found


def test_every_unit_of_the_library_has_its_place() -> None:
    """A new module or package of the library is entered in LAYERS."""
    units = {path.stem for path in _home("backstop").iterdir() if not path.name.startswith("_")}

    assert set() == units - set(RANKS)


def test_suites_only_assert() -> None:
    """A suite gets what it looks at from fixtures and does no input or output itself."""
    found = [
        f"{where} imports {name}" for where, name in _imports(ROOT / "suites") if not _fit_for_suites(name)
    ]
    found += [
        f"{where} calls {name}()"
        for where, name in _calls(ROOT / "suites")
        if name in {"open", "exec", "eval"}
    ]

    assert [] == found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import subprocess", ["subprocess"]),
        ("from backstop.model.http import Answer", ["backstop.model.http"]),
        ("from backstop import journal, probes", ["backstop.journal", "backstop.probes"]),
        ("def late():\n    import sandbox.cloud", ["sandbox.cloud"]),
        ('importlib.import_module("sandbox.cloud")', ["sandbox.cloud"]),
    ],
)
def test_reader_of_imports_sees_every_form(source: str, expected: list[str]) -> None:
    """Imports are found wherever they stand, and also when they are calls."""
    assert expected == sorted(_imported(ast.parse(source)))


@pytest.mark.parametrize(
    ("importer", "imported", "is_breach"),
    [
        ("journal/writer.py", "backstop.redaction", False),
        ("journal/writer.py", "backstop.journal.events", False),
        ("journal/writer.py", "backstop.report.html", True),
        ("report/html.py", "backstop.cloudflare.api", True),
        ("journal/writer.py", "backstop.__version__", False),
        ("unheard_of.py", "backstop.model.http", False),
        ("model/http.py", "backstop.unheard_of", True),
    ],
)
def test_order_of_layers_is_told_from_its_reverse(importer: str, imported: str, is_breach: bool) -> None:
    """Upward and sideways imports are breaches, downward ones and those within a unit are not."""
    assert is_breach == (_upward(Path(importer), imported) is not None)


@pytest.mark.parametrize(
    "name", ["httpx", "subprocess", "backstop.cloudflare.api", "sandbox", "fixtures._private"]
)
def test_suites_may_not_import_what_acts(name: str) -> None:
    """Clients, processes and what others keep private are out of a suite's reach."""
    assert not _fit_for_suites(name)


def _home(part: str) -> Path:
    return ROOT / "src" / part if part == "backstop" else ROOT / part


def _trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


def _imports(folder: Path) -> Iterator[tuple[Path, str]]:
    return ((where, name) for where, tree in _trees(folder) for name in _imported(tree))


def _imported(tree: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports. Relative imports do not exist here: ruff refuses them."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module="backstop", names=names):
                yield from (f"backstop.{alias.name}" for alias in names)
            case ast.ImportFrom(module=str(module)):
                yield module
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name)), *_]):
                yield name


def _calls(folder: Path) -> Iterator[tuple[Path, str]]:
    for where, tree in _trees(folder):
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name)):
                    yield where, name


def _upward(importer: Path, name: str) -> str | None:
    """The breach, in words, when ``importer`` (a path below src/backstop) must not know ``name``."""
    package, _, rest = name.partition(".")
    unit, target = importer.parts[0].removesuffix(".py"), rest.split(".")[0]
    if package != "backstop" or target in {"", "__version__"} or unit == target:
        return None
    lowest = RANKS.get(target, len(LAYERS))
    return f"{importer} imports {name}" if lowest >= RANKS.get(unit, len(LAYERS)) else None


def _fit_for_suites(name: str) -> bool:
    parts = name.split(".")
    allowed = any(".".join(parts[:length]) in SUITES_MAY_IMPORT for length in range(1, len(parts) + 1))
    pure = parts[0] in sys.stdlib_module_names - NO_BUSINESS_OF_SUITES
    return (allowed or pure) and not any(part.startswith("_") and part != "__future__" for part in parts)

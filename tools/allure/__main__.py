"""``python -m tools.allure [RUN]``: make RUN/allure.html of RUN/allure-results; RUN is reports/latest.

One file that opens by double click and asks nobody for anything. The generator is installed at first use.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.allure.quiet import NotQuiet, quiet
from tools.npm import node
from tools.steps import SetupFailed, Step, digest

_ROOT = Path(__file__).resolve().parents[2]
_HERE = "tools/allure"
_GENERATOR = f"{_HERE}/node_modules/allure/cli.js"
_LIMIT_S = 300.0
_HANDED_DOWN = ("PATH", "HOME", "LANG", "TMPDIR")


def main() -> int:
    """Exit code: 0 made, 1 not."""
    parser = argparse.ArgumentParser(prog="make allure", description=__doc__)
    parser.add_argument("run", nargs="?", type=Path, default=Path("reports/latest"))
    parser.add_argument("--install", action="store_true", help="only install the generator")
    arguments = parser.parse_args()
    run: Path = arguments.run
    try:
        _install()
        if arguments.install:
            return 0
        made = report_of(run.resolve())
    except (SetupFailed, NotQuiet) as error:
        sys.stderr.write(f"allure: {error}\n")
        return 1
    print(f"report: {made}")
    return 0


def report_of(run: Path) -> Path:
    """Make the report of a run, beside its results; its path. Raises SetupFailed, NotQuiet."""
    results = run / "allure-results"
    if not results.is_dir():
        message = f"{results} is not there; run a session first, or name the directory of one."
        raise SetupFailed(message)
    with tempfile.TemporaryDirectory(prefix="backstop-allure-") as made:
        _generate(results, Path(made))
        text = quiet((Path(made) / "index.html").read_text(encoding="utf-8"))
        finished = run / ".allure.html"
        finished.write_text(text, encoding="utf-8")
    return finished.rename(run / "allure.html")


def _install() -> None:
    """Install the generator from its lock, unless it is there. Raises SetupFailed."""
    (_ROOT / ".stamps").mkdir(exist_ok=True)
    inputs = [_ROOT / _HERE / name for name in ("package.json", "package-lock.json", ".npmrc")]
    step = Step(
        name="npm ci of Allure's generator",
        root=_ROOT,
        stamp=_ROOT / _HERE / "node_modules" / "allure.stamp",
        identity=digest(inputs),
        commands=((sys.executable, "-m", "tools.npm", "ci", "--ignore-scripts", f"--prefix={_HERE}"),),
        proofs=(_GENERATOR,),
        remedy="check the network and npm's registry setting",
        limit=_LIMIT_S,
        again="make allure",
    )
    if not step.is_done():
        print("installing Allure's generator from its lock file (some 60 MB) …")
        step.run(_ROOT / ".stamps" / "allure.log")


def _generate(results: Path, into: Path) -> None:
    words = [str(node()), str(_ROOT / _GENERATOR), "awesome", str(results), "--single-file"]
    words += ["--output", str(into), "--name", results.parent.name]
    environment = {name: os.environ[name] for name in _HANDED_DOWN if name in os.environ}
    environment |= {"NO_COLOR": "1", "TMPDIR": str(into.parent)}
    try:
        ended = subprocess.run(
            words,
            cwd=into,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"Allure's generator was not done after {_LIMIT_S:.0f} s."
        raise SetupFailed(message) from None
    if ended.returncode != 0 or not (into / "index.html").is_file():
        message = f"Allure's generator made no report (exit code {ended.returncode}): {ended.stderr[-500:]}"
        raise SetupFailed(message)


if __name__ == "__main__":
    sys.exit(main())

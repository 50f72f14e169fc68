"""A whole ``pytest -m "monitor and health"``, beyond the bot's own time, over what pytest takes for nothing.

The bot's own time is that of the same requests in the same order, sent in this process, 50 ms away. Processor
time is printed beside it: on a machine at work it is what can be compared.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backstop.observe.catalogue.monitored import probes_of
from backstop.observe.looks import Looks
from backstop.place import Place
from backstop.process import run
from bench.look import RTT_MS, be_away, timed
from soak.deployed_target import environment_for, targets_file

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
ALLOWED_S = 1.5
_SUITES = frozenset({"health"})
_LIMIT_S = 60.0
_LEFT_OUT = ("anyio", "hypothesispytest", "randomly")  # plugins that our sessions do without
_NOTHING = "def test_nothing():\n    pass\n"


def measure(place: Place) -> None:
    """Print the table. Raises SystemExit when a look was not verified."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "targets.toml").write_text(targets_file("bench", place.target), encoding="utf-8")
        (folder / "test_nothing.py").write_text(_NOTHING, encoding="utf-8")
        be_away(place, RTT_MS)
        own = statistics.median(timed(lambda: _asked(place)) for _ in range(ROUNDS))
        before = _processor_s()
        whole = statistics.median(timed(lambda: _monitor(place, folder)) for _ in range(ROUNDS))
        busy = (_processor_s() - before) / ROUNDS
        be_away(place, 0)
        bare = statistics.median(timed(lambda: _nothing(place, folder)) for _ in range(ROUNDS))
    beyond = whole - own
    print(f"\nmonitor and health, {RTT_MS} ms away, medians of {ROUNDS} rounds       seconds")
    print(f"the whole process                         {whole:9.2f}")
    print(f"its processor time, mean                  {busy:9.2f}")
    print(f"the bot's own time                        {own:9.2f}")
    print(f"ratio of the rest to the {ALLOWED_S:g} s allowed      {beyond / ALLOWED_S:9.2f}")
    print(f"ratio of the rest to pytest for nothing   {beyond / bare:9.2f}")


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _asked(place: Place) -> None:
    """What a monitor of health asks, and nothing else."""
    looks = Looks(place)
    looks.probes = probes_of(_SUITES)
    _ = looks.bot.usual(), looks.cold, looks.samples


def _monitor(place: Place, folder: Path) -> None:
    words = ["-m", "monitor and health", "--target=bench", f"--targets-file={folder / 'targets.toml'}"]
    _run(place, [*words, f"--reports={folder / 'reports'}"], ROOT)


def _nothing(place: Place, folder: Path) -> None:
    plugins = [word for name in _LEFT_OUT for word in ("-p", f"no:{name}")]
    where = [f"--rootdir={folder}", str(folder / "test_nothing.py")]
    _run(place, ["-c", "/dev/null", *plugins, *where], folder)


def _run(place: Place, words: Sequence[str], where: Path) -> None:
    argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    ended = run(argv, env=environment_for(place.target), cwd=where, limit=_LIMIT_S)
    if ended.returncode != 0:
        message = f"it was not verified (exit code {ended.returncode}):\n{ended.stdout}{ended.stderr}"
        raise SystemExit(message)

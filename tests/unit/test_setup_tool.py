"""Set-up says in one sentence what is missing, never takes half a job for a whole one, does none twice."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tools import provision as provisioning
from tools.npm import npm
from tools.provision import alone, provision, steps
from tools.setup import complaint
from tools.steps import SetupFailed, Step, digest

ROOT = Path(__file__).resolve().parents[2]
NEXT = "run `make setup` again"


def present(_name: str) -> object:
    """A module finder that finds everything."""
    return object()


def python(source: str) -> tuple[str, ...]:
    """A command that runs ``source``."""
    return (sys.executable, "-c", source)


@pytest.fixture
def step(tmp_path: Path) -> Step:
    """A step that makes one file."""
    (tmp_path / "made").mkdir()
    return Step(
        name="the thing",
        root=tmp_path,
        stamp=tmp_path / "made" / "thing.stamp",
        identity="one",
        commands=(python("open('made/thing', 'w').close()"),),
        proofs=("made/th?ng",),
        remedy="check the network",
        limit=20,
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where a step keeps what its commands say."""
    return tmp_path / "thing.log"


def test_python_that_is_new_enough_is_taken() -> None:
    """The oldest supported Python, with its venv module, has nothing to complain of."""
    assert None is complaint((3, 11), present)


@pytest.mark.parametrize("version", [(3, 6), (3, 10)])
def test_old_python_is_refused_with_the_next_step(version: tuple[int, int]) -> None:
    """The sentence says what is wanted, what was found and what to type."""
    sentence = complaint(version, present)

    assert sentence is not None
    assert "Python 3.11 or newer is needed" in sentence
    assert f"is {version[0]}.{version[1]}:" in sentence
    assert "make setup PYTHON=python3.11" in sentence


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_missing_venv_module_is_named_with_the_next_step(missing: str) -> None:
    """Debian leaves ensurepip out, others venv itself: both mean that there is no venv."""
    sentence = complaint((3, 12), lambda name: None if name == missing else object())

    assert sentence is not None
    assert "lacks the venv module" in sentence
    assert "apt install python3-venv" in sentence


def test_old_python_can_read_the_checker() -> None:
    """An old Python gets as far as saying that it is old."""
    for name in ("__init__.py", "setup.py"):
        source = (ROOT / "tools" / name).read_text(encoding="utf-8")

        ast.parse(source, feature_version=(3, 6))
        assert "from __future__ import annotations" not in source


def test_step_is_done_once_it_ran(step: Step, log: Path) -> None:
    """A stamp is written when the commands ended well and left what they should."""
    assert not step.is_done()

    step.run(log)

    assert step.is_done()


def test_step_is_not_done_when_its_inputs_changed(step: Step, log: Path) -> None:
    """Another lock file means another identity."""
    step.run(log)

    assert not replace(step, identity="two").is_done()


def test_step_is_not_done_when_what_it_made_is_gone(step: Step, log: Path) -> None:
    """A stamp alone proves nothing."""
    step.run(log)
    (step.root / "made" / "thing").unlink()

    assert not step.is_done()


def test_interrupted_step_is_done_again(step: Step, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle takes the old stamp away, so the next run repairs."""
    step.run(log)

    def interrupted(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("subprocess.run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            step.run(log)

    assert not step.is_done()
    step.run(log)
    assert step.is_done()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "WARNING: slow\nERROR: No matching distribution found for pip==26.3\nERROR: more",
            "No matching distribution",
        ),
        (
            "npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\nnpm error request to x failed",
            "request to x failed",
        ),
        (
            "npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install with a lock",
            "`npm ci` can only",
        ),
    ],
    ids=["pip", "npm-network", "npm-lock"],
)
def test_failing_command_becomes_one_sentence(step: Step, log: Path, said: str, reason: str) -> None:
    """It holds the tool's own reason, the next step and where the log is."""
    failing = replace(step, commands=(python(f"print({said!r}); raise SystemExit(7)"),))

    with pytest.raises(SetupFailed) as caught:
        failing.run(log)

    sentence = str(caught.value)
    assert "the thing failed with exit code 7" in sentence
    assert reason in sentence
    assert f"check the network, then {NEXT} (log: thing.log)." in sentence
    assert "\n" not in sentence
    assert said in log.read_text()
    assert not failing.is_done()


def test_command_that_leaves_nothing_is_a_failure(step: Step, log: Path) -> None:
    """Success of npm is not enough: it ends well even when it had no workerd for the platform."""
    with pytest.raises(SetupFailed, match=r"the thing left no made/th\?ng"):
        replace(step, commands=(python("pass"),)).run(log)


def test_command_that_never_ends_is_ended(step: Step, log: Path) -> None:
    """A mirror that hangs costs the limit and not the evening."""
    with pytest.raises(SetupFailed, match="was not done after 0 s"):
        replace(step, commands=(python("import threading; threading.Event().wait(60)"),), limit=0.2).run(log)


def test_digest_tells_names_contents_and_facts_apart(tmp_path: Path) -> None:
    """Whatever a step is made from changes its identity."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("a")
    other.write_text("a")

    assert digest([one], "x") == digest([one], "x")
    assert 3 == len({digest([one], "x"), digest([other], "x"), digest([one], "y")})


def test_second_set_up_of_the_same_checkout_is_kept_out(tmp_path: Path) -> None:
    """Two at once would write into the same environment."""
    with alone(tmp_path / "lock"):
        with (
            pytest.raises(SetupFailed, match="another set-up is at work") as caught,
            alone(tmp_path / "lock"),
        ):
            pass

        assert NEXT in str(caught.value)

    with alone(tmp_path / "lock"):
        pass


def test_steps_of_this_checkout_use_only_pinned_packages() -> None:
    """Python's packages come by hash, the project itself from disk, npm's from its lock without scripts."""
    packages, project, wrangler = steps(ROOT)

    assert all("--require-hashes" in command for command in packages.commands if "install" in command)
    assert {"--no-index", "--no-deps", "--no-build-isolation"} <= set(project.commands[0])
    assert {"ci", "--ignore-scripts"} <= set(wrangler.commands[0])


def test_provision_does_what_is_not_done_and_then_nothing(
    step: Step, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first run works, the second only says that there is nothing to do."""
    monkeypatch.setattr(provisioning, "steps", lambda _root: iter([step]))
    monkeypatch.setattr("signal.signal", lambda *_args: None)

    assert 0 == provision(step.root)
    assert "setup: the thing …\nsetup: ready after 0 s\n" == capsys.readouterr().out
    assert 0 == provision(step.root)
    assert "setup: up to date\n" == capsys.readouterr().out


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (SetupFailed("npm failed; mend it."), 1, "setup: npm failed; mend it.\n"),
        (
            OSError(28, "No space left on device"),
            1,
            "No space left on device; mend that, then run `make setup`",
        ),
        (KeyboardInterrupt(), 130, "setup: interrupted; the next `make setup` goes on from here.\n"),
    ],
    ids=["failed", "disk-full", "interrupted"],
)
def test_provision_that_cannot_go_on_says_why(
    raised: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One sentence on the error stream and an exit code, no traceback."""

    def failing(_root: Path) -> object:
        raise raised

    monkeypatch.setattr(provisioning, "steps", failing)
    monkeypatch.setattr("signal.signal", lambda *_args: None)

    assert code == provision(ROOT)
    assert said in capsys.readouterr().err


def test_npm_is_run_by_the_native_node() -> None:
    """The package's own npm command would swallow signals."""
    node, entry, argument = npm(["--version"])

    assert Path(node).is_file()
    assert "npm-cli.js" == Path(entry).name
    assert Path(entry).is_file()
    assert "--version" == argument

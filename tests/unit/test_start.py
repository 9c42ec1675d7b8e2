"""The program that makes the environment: what it refuses, what it runs, and when it makes the environment again."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(tmp_path: Path) -> ModuleType:
    """`tools/start.py` for a checkout of its own in a temporary folder."""
    spec = importlib.util.spec_from_file_location("start_under_test", CHECKOUT / "tools" / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for lock in module.LOCKS.values():
        (tmp_path / lock).write_text(f"# {lock}\n")
    places = {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "STAMP": tmp_path / ".venv" / "solidair.stamp"}
    vars(module).update(places)
    return module


@pytest.fixture
def commands(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The programs that were run, with the folder of the checkout left out; each succeeds, and `venv` makes its folder."""
    ran: list[tuple[str, ...]] = []

    def run(*command: str) -> int:
        ran.append(tuple(part.replace(f"{start.ROOT}/", "") for part in command))
        if command[1:3] == ("-m", "venv"):
            (start.VENV / "bin").mkdir(parents=True, exist_ok=True)
            start.STAMP.unlink(missing_ok=True)
        return 0

    monkeypatch.setattr(start, "run", run)
    monkeypatch.setattr(start, "starts", lambda _python: True)
    return ran


def test_old_python_gets_a_sentence(start: ModuleType) -> None:
    assert "needs Python 3.11 or newer; this is 3.9" in start.unfit_python((3, 9))
    assert start.unfit_python((3, 11)) is None
    assert start.unfit_python((4, 0)) is None


def test_old_python_is_refused_before_anything_is_made(
    start: ModuleType, commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "MINIMUM", (99, 0))

    code = start.main(["demo"])

    assert (code, commands) == (1, [])
    assert "needs Python 99.0" in capsys.readouterr().err


@pytest.mark.parametrize(("has_apt", "expected"), [(True, "apt-get install python3-venv"), (False, "Debian calls it python3-venv")])
def test_missing_venv_names_the_package(start: ModuleType, monkeypatch: pytest.MonkeyPatch, has_apt: bool, expected: str) -> None:
    monkeypatch.setattr(subprocess, "call", lambda *_arguments, **_options: 1)

    sentence = start.missing_modules(has_apt)

    assert expected in sentence
    assert f"python{sys.version_info[0]}.{sys.version_info[1]}-venv" in sentence


def test_missing_venv_ends_with_failure(
    start: ModuleType, commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "missing_modules", lambda _has_apt: "install python3-venv")

    code = start.main(["demo"])

    assert (code, commands) == (1, [])
    assert "install python3-venv" in capsys.readouterr().err


def test_demo_makes_the_environment_once(start: ModuleType, commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock of the product with its hashes, then the project itself without asking for anything else."""
    monkeypatch.setenv("DEMO_ARGS", "--exit --map 'een map'")
    monkeypatch.setenv("BROKER", "1")

    codes = [start.main(["demo"]), start.main(["demo"])]

    assert codes == [0, 0]
    installs = [command for command in commands if "install" in command]
    assert installs[0][-3:] == ("--require-hashes", "-r", "requirements.lock")
    assert installs[1][-4:-1] == ("--no-deps", "--no-build-isolation", "-e")
    assert len(installs) == 2
    assert commands[-1] == (".venv/bin/solidair", "demo", "--broker", "--exit", "--map", "een map")


@pytest.mark.parametrize("value", ["", "0"])
def test_no_broker_without_asking(start: ModuleType, value: str) -> None:
    assert start.demo_arguments({"BROKER": value}) == []


def test_changed_lock_makes_the_environment_again(start: ModuleType, commands: list[tuple[str, ...]]) -> None:
    start.main(["demo"])
    (start.ROOT / "requirements.lock").write_text("# newer\n")
    start.main(["demo"])

    assert len([command for command in commands if "venv" in command]) == 2


def test_environment_of_the_tests_serves_the_demo_but_not_the_reverse(start: ModuleType, commands: list[tuple[str, ...]]) -> None:
    start.main(["test-snel"])
    start.main(["demo"])
    made_for_test = len([command for command in commands if "venv" in command])
    start.STAMP.unlink()
    start.main(["demo"])
    start.main(["test-snel"])

    assert made_for_test == 1
    assert len([command for command in commands if "venv" in command]) == 3


def test_test_runs_every_check_and_then_all_tests(start: ModuleType, commands: list[tuple[str, ...]]) -> None:
    start.main(["test", "-x"])

    ran = [command for command in commands if "venv" not in command and "install" not in command]
    assert [command[0].rsplit("/", 1)[1] for command in ran] == ["ruff", "ruff", "mypy", "lint-imports", "python"]
    assert ran[-1][1:] == ("-m", "pytest", "-x")


def test_all_tests_run_in_shares(start: ModuleType, commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments; together the shares are every file with tests, each once."""
    ran: list[tuple[str, ...]] = []

    def run_together(programs: list[tuple[str, ...]]) -> int:
        ran.extend(programs)
        return 3

    monkeypatch.setattr(start, "run_together", run_together)
    monkeypatch.setattr(start, "lint", lambda _arguments: 0)
    monkeypatch.setattr(start, "ROOT", CHECKOUT)

    assert start.main(["test"]) == 3
    assert {program[1:3] for program in ran} == {("-m", "pytest")}
    named = [CHECKOUT / path for program in ran for path in program[3:]]
    files = [file for path in named for file in ([path] if path.is_file() else path.glob("**/test_*.py"))]
    assert sorted(files) == sorted((CHECKOUT / "tests").glob("**/test_*.py"))


@pytest.mark.parametrize(("codes", "expected"), [((0, 0, 0, 0), 0), ((0, 5, 0, 0), 5), ((7, 0, 0, 5), 7), ((0, 0, 0, 5), 5)])
def test_programs_at_once_fail_when_one_does(
    start: ModuleType, codes: tuple[int, ...], expected: int, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """And each is shown whole."""
    script = "import sys, time; print('<{0}', flush=True); time.sleep(0.05); print('{0}>', flush=True); sys.exit({1})"
    programs = [(sys.executable, "-c", script.format(name, code)) for name, code in enumerate(codes)]

    assert start.run_together(programs) == expected
    said = capfdbinary.readouterr().out.split()
    assert sorted(zip(said[::2], said[1::2], strict=True)) == [(f"<{name}".encode(), f"{name}>".encode()) for name in range(len(codes))]


def test_snel_leaves_slow_tests_out(start: ModuleType, commands: list[tuple[str, ...]]) -> None:
    start.main(["test-snel"])

    assert commands[-1][1:] == ("-m", "pytest", "-m", "not slow")


def test_failing_check_ends_it_with_its_own_code(
    start: ModuleType, commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    start.prepare("test")
    monkeypatch.setattr(start, "run", lambda *command: 3 if command[0].endswith("mypy") else 0)

    assert start.main(["test"]) == 3


def test_failed_install_is_not_taken_for_done(start: ModuleType, commands: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    succeeding = start.run
    monkeypatch.setattr(start, "run", lambda *command: 1 if "--require-hashes" in command else succeeding(*command))

    assert start.main(["demo"]) == 1
    assert not start.STAMP.exists()


@pytest.mark.parametrize(("code", "expected"), [("raise SystemExit(7)", 7), ("import os; os.kill(os.getpid(), 15)", 143)])
def test_exit_code_passes_through(start: ModuleType, code: str, expected: int) -> None:
    assert start.run(sys.executable, "-c", code) == expected


def test_unknown_command_shows_the_commands(start: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["dmeo"]) == 2
    assert "start.py test-snel" in capsys.readouterr().out


def test_makefile_and_ci_only_call_it() -> None:
    """The targets are the commands of start.py, so that it all works without make."""
    targets = (CHECKOUT / "Makefile").read_text()
    assert "demo test test-snel lint:\n\t@$(PYTHON) tools/start.py $@\n" in targets
    assert "make test" in (CHECKOUT / ".ci" / "run").read_text()

"""Make the virtual environment when it is missing or out of date, and run the demo, the tests or the linters in it.

    python3 tools/start.py demo [arguments]    the service with a synthetic region; DEMO_ARGS adds arguments, BROKER=1 a RabbitMQ node
    python3 tools/start.py test [arguments]    linters, types, import contracts, all tests; arguments go to pytest
    python3 tools/start.py test-snel           the tests that are not slow
    python3 tools/start.py lint                linters, types, import contracts

Only the standard library, because it runs before anything is installed; and no syntax newer than Python 3.7, so that an older Python gets
a sentence instead of a SyntaxError.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "solidair.stamp"
MINIMUM = (3, 11)
LOCKS = {"demo": "requirements.lock", "test": "requirements-dev.lock"}
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports", "--no-cache"))

FOLDERS = (("tests/end_to_end",), ("tests/property",), ("tests/unit", "tests/conformance"))
"""Folders whose tests run together in one process; those of `SPREAD` besides."""
SPREAD = ("tests/integration", 4)
"""A folder whose files are dealt out over so many processes."""
AT_ONCE = 3
"""Processes of tests at the same time: most of the time each waits for a server or a browser."""
SAYING = threading.Lock()
"""Held while the words of one program are shown."""


def main(arguments: list[str]) -> int:
    """Run one command; its exit code is ours."""
    commands = {"demo": demo, "test": test, "test-snel": test_snel, "lint": lint}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 2
    refusal = unfit_python(sys.version_info[:2])
    if refusal:
        print(refusal, file=sys.stderr)
        return 1
    return commands[arguments[0]](arguments[1:])


def demo(arguments: list[str]) -> int:
    """Run `solidair demo`."""
    return prepare("demo") or run(program("solidair"), "demo", *demo_arguments(os.environ), *arguments)


def demo_arguments(environment: os._Environ[str] | dict[str, str]) -> list[str]:
    """What BROKER and DEMO_ARGS ask for."""
    broker = ["--broker"] if environment.get("BROKER", "0") not in ("", "0") else []
    return broker + shlex.split(environment.get("DEMO_ARGS", ""))


def test(arguments: list[str]) -> int:
    """Run all checks and all tests; all tests in shares, some at once, because most of the time they wait for a server."""
    pytest = (program("python"), "-m", "pytest")
    return lint([]) or (run(*pytest, *arguments) if arguments else run_together([(*pytest, *share) for share in shares()]))


def shares() -> list[tuple[str, ...]]:
    """All tests in shares, those that take longest first."""
    folder, count = SPREAD
    files = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / folder).glob("**/test_*.py"))
    dealt = [tuple(files[first::count]) for first in range(count)]
    return [FOLDERS[0], *(share for share in dealt if share), *FOLDERS[1:]]


def test_snel(arguments: list[str]) -> int:
    """Run the tests that are not slow."""
    return prepare("test") or run(program("python"), "-m", "pytest", "-m", "not slow", *arguments)


def lint(_arguments: list[str]) -> int:
    """Run the linter, the formatter's check, the type checker and the import contracts; the first that fails ends it."""
    code = prepare("test")
    for name, *options in CHECKS:
        code = code or run(program(name), *options)
    return code


def prepare(purpose: str) -> int:
    """Make `.venv` fit for the purpose; 0 when it is."""
    # The environment of the tests holds all that the demo needs.
    if STAMP.exists() and STAMP.read_text() in (fingerprint(purpose), fingerprint("test")) and starts(program("python")):
        return 0
    missing = missing_modules(shutil.which("apt-get") is not None)
    if missing:
        print(missing, file=sys.stderr)
        return 1
    print(f"Making .venv from {LOCKS[purpose]}; this happens once.", flush=True)
    pip = (program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
    # `--clear` takes the stamp away too, so a half-made environment is made again.
    code = (
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
        or run(*pip, "--require-hashes", "-r", str(ROOT / LOCKS[purpose]))
        or run(*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    )
    if code == 0:
        STAMP.write_text(fingerprint(purpose))
    return code


def fingerprint(purpose: str) -> str:
    """What the environment depends on: the lock, this version of Python, and the place of the checkout."""
    facts = f"{purpose} {sys.version_info[:2]} {ROOT} ".encode()
    return hashlib.sha256(facts + (ROOT / LOCKS[purpose]).read_bytes()).hexdigest()


def starts(python: str) -> bool:
    """Whether the environment's Python still starts: the one it was made with may have been removed."""
    return Path(python).exists() and subprocess.call([python, "-c", ""]) == 0


def unfit_python(version: tuple[int, ...]) -> str | None:
    """A sentence when this Python is too old, else None."""
    if version >= MINIMUM:
        return None
    wanted, found = ".".join(map(str, MINIMUM)), ".".join(map(str, version))
    return f"Solidair needs Python {wanted} or newer; this is {found} ({sys.executable}). Another one: make demo PYTHON=python{wanted}"


def missing_modules(has_apt: bool) -> str | None:
    """A sentence when this Python cannot make an environment, as Debian's without python3-venv; else None."""
    if subprocess.call([sys.executable, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL) == 0:
        return None
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    sentence = f"This Python ({sys.executable}) cannot make a virtual environment: its modules venv and ensurepip are not installed.\n"
    if has_apt:
        return sentence + f"Install them with: apt-get install python3-venv   (for this version: {package})"
    return sentence + f"Install the package of your system that holds them; Debian calls it python3-venv ({package})."


def program(name: str) -> str:
    """A program of the environment."""
    return str(VENV / "bin" / name)


def run(*command: str) -> int:
    """Run a program in the checkout and give its exit code."""
    return ending(begin(command))


def run_together(commands: list[tuple[str, ...]]) -> int:
    """Run programs, `AT_ONCE` at a time, and show what each said when it has ended. The first exit code, in their order, that is not 0."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        running = [pool.submit(run_aside, command) for command in commands]
        try:
            return next((code for code in [each.result() for each in running] if code != 0), 0)
        except KeyboardInterrupt:
            # Those that run got the Ctrl-C too; the others do not begin any more.
            pool.shutdown(cancel_futures=True)
            return 130


def run_aside(command: tuple[str, ...]) -> int:
    """Run a program and show at its end what it said, whole, so that programs at the same time do not talk through each other."""
    with tempfile.TemporaryFile() as said:
        code = ending(begin(command, said))
        said.seek(0)
        with SAYING:
            sys.stdout.flush()
            shutil.copyfileobj(said, sys.stdout.buffer)
            sys.stdout.flush()
    return code


def begin(command: tuple[str, ...], output: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start a program in the checkout, with the environment's programs first; its output goes where ours goes unless a file is given."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    environment["PATH"] = str(VENV / "bin") + os.pathsep + environment.get("PATH", os.defpath)
    return subprocess.Popen(command, cwd=str(ROOT), env=environment, stdout=output, stderr=None if output is None else subprocess.STDOUT)


def ending(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a program and give its exit code; Ctrl-C reaches it too, so its own ending is waited for."""
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue
        # As a shell says it: 128 + the signal that ended the program.
        return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

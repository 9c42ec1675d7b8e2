"""Make the virtual environment when it is missing or out of date, and run the demo, the tests or the linters in it.

    python3 tools/start.py demo [arguments]    the service with a synthetic region; DEMO_ARGS adds arguments, BROKER=1 a RabbitMQ node
    python3 tools/start.py test [arguments]    linters, types, import contracts, all tests; arguments go to pytest
    python3 tools/start.py test-snel           the tests that are not slow
    python3 tools/start.py lint                linters, types, import contracts

Only the standard library, because it runs before anything is installed; and no syntax newer than Python 3.6, so that an older Python gets
a sentence instead of a SyntaxError.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = "solidair.stamp"
MINIMUM = (3, 11)
LOCKS = {"demo": "requirements.lock", "test": "requirements-dev.lock"}


def main(arguments):
    commands = {"demo": demo, "test": test, "test-snel": test_snel, "lint": lint}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 2
    if sys.version_info[:2] < MINIMUM:
        wanted, found = ".".join(map(str, MINIMUM)), ".".join(map(str, sys.version_info[:2]))
        return fail("Solidair needs Python {} or newer; this is {} ({}).".format(wanted, found, sys.executable))
    return commands[arguments[0]](arguments[1:])


def demo(arguments):
    """Run `solidair demo` in an environment with what the product needs (the larger one of the tests will do too)."""
    prepared = prepare("demo")
    if prepared:
        return prepared
    broker = ["--broker"] if os.environ.get("BROKER", "0") not in ("", "0") else []
    return run(program("solidair"), "demo", *broker, *shlex.split(os.environ.get("DEMO_ARGS", "")), *arguments)


def test(arguments):
    return lint([]) or run(program("python"), "-m", "pytest", *arguments)


def test_snel(arguments):
    return prepare("test") or run(program("python"), "-m", "pytest", "-m", "not slow", *arguments)


def lint(_arguments):
    checks = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
    )
    prepared = prepare("test")
    if prepared:
        return prepared
    for name, *options in checks:
        code = run(program(name), *options)
        if code:
            return code
    return 0


def prepare(purpose):
    """Make `.venv` fit for the purpose; 0 when it is."""
    stamp = VENV / STAMP
    wanted = fingerprint(purpose)
    # The environment of the tests holds all that the demo needs.
    if stamp.exists() and stamp.read_text() in (wanted, fingerprint("test")) and works():
        return 0
    missing = missing_modules()
    if missing:
        return fail(missing)
    print("Making .venv with {} ...".format(LOCKS[purpose]), flush=True)
    return rebuild(purpose) or write_stamp(stamp, wanted)


def rebuild(purpose):
    stamp = VENV / STAMP
    if stamp.exists():
        stamp.unlink()
    pip = (program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
    return (
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
        or run(*pip, "--require-hashes", "-r", str(ROOT / LOCKS[purpose]))
        or run(*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    )


def write_stamp(stamp, wanted):
    stamp.write_text(wanted)
    return 0


def fingerprint(purpose):
    """What the environment depends on: the lock, the entry points in pyproject.toml, this Python and where the checkout is."""
    digest = hashlib.sha256()
    for part in (LOCKS[purpose], "pyproject.toml"):
        digest.update((ROOT / part).read_bytes())
    digest.update("{} {} {}".format(purpose, sys.version_info[:2], ROOT).encode())
    return digest.hexdigest()


def works():
    """Whether the environment's Python still starts: the one it was made with may have been removed."""
    return Path(program("python")).exists() and subprocess.call([program("python"), "-c", ""]) == 0


def missing_modules():
    """A sentence when this Python cannot make an environment, as on Debian without python3-venv; else None."""
    code = "import venv, ensurepip"
    if subprocess.call([sys.executable, "-c", code], stderr=subprocess.DEVNULL) == 0:
        return None
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    message = "This Python ({}) cannot make a virtual environment: its modules venv and ensurepip are not installed.".format(sys.executable)
    if shutil.which("apt-get"):
        return message + "\nOn Debian and Ubuntu: apt-get install python3-venv   (here: {})".format(package)
    return message + "\nInstall the package of your system that holds them (on Debian python3-venv, here {}).".format(package)


def program(name):
    return str(VENV / ("Scripts" if sysconfig.get_platform().startswith("win") else "bin") / name)


def run(*command):
    """Run in the checkout and pass the exit code on; Ctrl-C reaches the program too, so its own ending is waited for."""
    environment = dict(os.environ, PATH=str(Path(program("x")).parent) + os.pathsep + os.environ.get("PATH", ""))
    for name in ("PYTHONHOME", "VIRTUAL_ENV", "PYTHONPATH"):
        environment.pop(name, None)
    process = subprocess.Popen(command, cwd=str(ROOT), env=environment)
    while True:
        try:
            return exit_code(process.wait())
        except KeyboardInterrupt:
            continue


def exit_code(returned):
    """As a shell says it: 128 + the signal that ended the program."""
    return 128 - returned if returned < 0 else returned


def fail(sentence):
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

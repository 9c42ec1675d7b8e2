"""RabbitMQ's programs on this machine: those that are installed, else Debian's packages, fetched and unpacked without root.

`apt-get` works in folders of ours and with an empty list of installed packages, so that it changes nothing of the system and needs no
rights. `rabbitmq-server` and the Erlang packages it asks for (18 packages, 35 MB) are unpacked, not installed: no service, no account, no
start at boot. Starting a node is left to `broker_node`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.adapters.own_server import ServerUnavailable, turn

_INSTALLED = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_APT_S_MAX = 300
_RELATIONS_LEFT_OUT = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
_WANTED = re.compile(r"^(?:erlang-[a-z0-9-]+|rabbitmq-server)$")


class BrokerUnavailable(ServerUnavailable):
    """A RabbitMQ node of our own cannot be had on this machine; the message says why and what helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerPrograms:
    """Where RabbitMQ's programs are.

    Attributes:
        server: The script that starts a node as the current user; not the wrapper in /usr/sbin, which refuses all but root and rabbitmq.
        erlang_bin: Folder of `erl` and `epmd`.
    """

    server: Path
    erlang_bin: Path


def find_programs(cache_dir: Path | None = None) -> BrokerPrograms:
    """The installed RabbitMQ, else the unpacked one in the cache, which is fetched when it is not there yet.

    Raises:
        BrokerUnavailable: Not installed, and there is no apt or it cannot fetch the packages.
    """
    erl = shutil.which("erl")
    if _INSTALLED.exists() and erl:
        return BrokerPrograms(server=_INSTALLED, erlang_bin=Path(erl).parent)
    return _unpacked_programs(cache_dir or default_cache_dir())


def default_cache_dir() -> Path:
    """`.cache` of the checkout when we may write there, else that of the user."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").exists() and os.access(checkout, os.W_OK):
        return checkout / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "solidair"


def _unpacked_programs(cache_dir: Path) -> BrokerPrograms:
    root = cache_dir.absolute() / "rabbitmq"
    if re.search(r"\s", str(root)):
        raise BrokerUnavailable(f"RabbitMQ's own scripts do not work in a folder with a space in its name: {root}.")
    try:
        # What is there and in order is used as it is, so that a cache of somebody else's may be used too.
        if not root.exists() or _misplaced_scripts(root):
            cache_dir.mkdir(parents=True, exist_ok=True)
            with turn(cache_dir / "rabbitmq.lock", wait_s_max=2 * _APT_S_MAX):
                if not root.exists():
                    _fetch(root)
                for script, text in _misplaced_scripts(root).items():
                    _replace_script(script, text)
    except OSError as error:
        raise BrokerUnavailable(f"RabbitMQ cannot be unpacked in {cache_dir}: {error}.") from error
    return BrokerPrograms(server=root / "usr/lib/rabbitmq/bin/rabbitmq-server", erlang_bin=root / "usr/bin")


def _fetch(root: Path) -> None:
    """Download and unpack into a folder beside `root` and rename it: `root` is whole or absent."""
    if not all(shutil.which(program) for program in ("apt-get", "apt-cache", "dpkg")):
        raise BrokerUnavailable(
            "RabbitMQ is not installed and this machine has no apt to fetch it with: install RabbitMQ, or name a broker in "
            "SOLIDAIR_AMQP_URL (for the tests: SOLIDAIR_TEST_AMQP_URL)."
        )
    staging = root.with_name("rabbitmq.new")
    shutil.rmtree(staging, ignore_errors=True)  # Of a fetch that was killed; we hold the turn.
    unpacked, apt = staging / "root", staging / "apt"
    try:
        for folder in (unpacked, apt / "state/lists/partial", apt / "cache/archives/partial", apt / "packages"):
            folder.mkdir(parents=True)
        (apt / "state/status").touch()
        options = [
            f"-oDir::State={apt}/state",
            f"-oDir::State::status={apt}/state/status",
            f"-oDir::Cache={apt}/cache",
            "-oAPT::Sandbox::User=root",
            "-oAcquire::Retries=3",
        ]
        _run(apt, "apt-get", *options, "--quiet", "--quiet", "update")
        left_out = [f"--no-{relation}" for relation in _RELATIONS_LEFT_OUT]
        listed = _run(apt, "apt-cache", *options, "depends", "--recurse", *left_out, "rabbitmq-server")
        names = sorted({line for line in listed.splitlines() if _WANTED.match(line)})
        _run(apt / "packages", "apt-get", *options, "--quiet", "--quiet", "download", *names)
        for package in sorted((apt / "packages").glob("*.deb")):
            _run(apt, "dpkg", "--extract", str(package), str(unpacked))
        unpacked.rename(root)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _misplaced_scripts(root: Path) -> dict[Path, str]:
    """Erlang's start scripts that name another folder than where they are, and what they should say; also after the cache was moved."""
    erlang = root / "usr/lib/erlang"
    wanted: dict[Path, str] = {}
    for script in (*erlang.glob("bin/erl"), *erlang.glob("bin/start"), *erlang.glob("erts-*/bin/erl"), *erlang.glob("erts-*/bin/start")):
        before = script.read_text(encoding="utf-8")
        after = re.sub(r"(?m)^(\s*)ROOTDIR=.*$", lambda found: f'{found[1]}ROOTDIR="{erlang}"', before)
        if after != before:
            wanted[script] = after
    return wanted


def _replace_script(script: Path, text: str) -> None:
    replacement = script.with_name(f".{script.name}.new")
    replacement.write_text(text, encoding="utf-8")
    replacement.chmod(0o755)
    replacement.replace(script)


def _run(folder: Path, program: str, *arguments: str) -> str:
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=_APT_S_MAX,
        )
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()[-5:]
        raise BrokerUnavailable(f"RabbitMQ could not be fetched; {program} {arguments[-1]} said: {' '.join(said)}") from error
    except subprocess.TimeoutExpired as error:
        raise BrokerUnavailable(f"RabbitMQ could not be fetched: {program} took longer than {_APT_S_MAX} s.") from error
    return done.stdout

"""A RabbitMQ node of our own, for the tests and for `make demo BROKER=1`: started as the current user and stopped again.

The node shares nothing with another RabbitMQ on the machine: its own ports (AMQP, distribution, epmd), all on 127.0.0.1; its own name,
home with cookie, data, log and password, all in one folder of mode 0700. Never a broker that merely answers on 5672.

It runs with an `epmd` (Erlang's directory of nodes) that we start and stop ourselves: one that Erlang starts stays behind.

One process at a time uses a folder. After kill -9 the next start finds the node that stayed behind by its process id, stops it and starts
it anew on the same data and port; unlike a database, a transport loses nothing by that.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.adapters.broker_packages import BrokerPrograms, BrokerUnavailable, find_programs
from app.adapters.own_server import exit_on_signal, hold, signals_deferred, tail

__all__ = ["BrokerInUse", "BrokerNode", "BrokerUnavailable", "restart", "running", "start", "stop"]

_HOST = "127.0.0.1"
_START_S_MAX = 90
_STOP_S_MAX = 40
# Below the range from which the system gives ports to outgoing connections, so that a restart finds its ports free again.
_PORTS = range(20_000, 32_000)
_AMQP_GREETING = b"AMQP\x00\x00\x09\x01"


class BrokerInUse(BrokerUnavailable):
    """Another process uses the node of this folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identity:
    """What stays the same when a node is restarted on its data."""

    amqp_port: int
    distribution_port: int
    epmd_port: int
    password: str = field(repr=False)

    @property
    def name(self) -> str:
        return f"solidair-{self.amqp_port}@localhost"

    @property
    def url(self) -> str:
        return f"amqp://solidair:{self.password}@{_HOST}:{self.amqp_port}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerNode:
    """A running node.

    Attributes:
        base_dir: Folder that holds all of it.
        name: Erlang's name of the node.
        port: AMQP port on 127.0.0.1.
        url: For aio-pika, virtual host `/`; holds the password, so it is left out of the repr.
    """

    base_dir: Path
    name: str
    port: int
    url: str = field(repr=False)
    programs: BrokerPrograms = field(repr=False)
    processes: tuple[subprocess.Popen[bytes], ...] = field(repr=False, compare=False)
    lock: int = field(repr=False, compare=False)


@contextmanager
def running(base_dir: Path, *, cache_dir: Path | None = None, fresh: bool = False) -> Iterator[BrokerNode]:
    """The node of `base_dir` for as long as the block lasts; also SIGINT, SIGTERM and SIGHUP end it properly."""
    with exit_on_signal():
        node = start(base_dir, cache_dir=cache_dir, fresh=fresh)
        try:
            yield node
        finally:
            with signals_deferred():
                stop(node)


def start(base_dir: Path, *, cache_dir: Path | None = None, fresh: bool = False) -> BrokerNode:
    """Start the node of `base_dir`, new or on the data that is there; it accepts connections on return.

    Args:
        base_dir: Made with mode 0700 when missing.
        cache_dir: Where RabbitMQ is unpacked when it is not installed; see `broker_packages.default_cache_dir`.
        fresh: Begin without the queues, the ports and the password of an earlier run in this folder.

    Raises:
        BrokerUnavailable: RabbitMQ cannot be had, or the node does not start.
        BrokerInUse: Another process uses the folder.
    """
    programs = find_programs(cache_dir)
    base = base_dir.absolute()
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = hold(base / "node.lock")
    if lock is None:
        raise BrokerInUse(f"The RabbitMQ node of {base} is in use by another process; stop that first, or choose another folder.")
    try:
        _stop_left_behind(base)
        if fresh and (base / "node.json").exists():
            (base / "node.json").unlink()
            shutil.rmtree(base / "data", ignore_errors=not (base / "data").exists())
        return _start_locked(base, programs, lock)
    except BaseException:
        os.close(lock)
        raise


def stop(node: BrokerNode) -> None:
    """Shut the node down and its epmd after it; a second call does nothing."""
    if all(process.returncode is not None for process in node.processes):
        return
    try:
        _stop_processes(node.processes)
        (node.base_dir / "pids").unlink(missing_ok=True)
    finally:
        os.close(node.lock)


def restart(node: BrokerNode) -> BrokerNode:
    """Stop the node and start it on the same data, name and port: what clients see when a broker is updated."""
    _stop_processes(node.processes)
    try:
        return _start_locked(node.base_dir, node.programs, node.lock)
    except BaseException:
        os.close(node.lock)
        raise


def _start_locked(base: Path, programs: BrokerPrograms, lock: int) -> BrokerNode:
    identity = _load_identity(base)
    environment = _environment(base, identity, programs)
    _write_configuration(base, identity)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        epmd = (str(programs.erlang_bin / "epmd"), "-port", str(identity.epmd_port), "-address", _HOST)
        processes.append(_spawn(base, epmd, environment, base / "log/epmd.out"))
        _await_port(processes[0], identity.epmd_port, base / "log/epmd.out", greeting=b"")
        processes.append(_spawn(base, (str(programs.server),), environment, base / "log/server.out"))
        _write_private(base / "pids", " ".join(str(process.pid) for process in processes))
        _await_port(processes[1], identity.amqp_port, base / "log/server.out", greeting=_AMQP_GREETING)
    except BaseException:
        with signals_deferred():
            _stop_processes(tuple(processes))
        raise
    return BrokerNode(
        base_dir=base,
        name=identity.name,
        port=identity.amqp_port,
        url=identity.url,
        programs=programs,
        processes=tuple(processes),
        lock=lock,
    )


# What the node is told


def _load_identity(base: Path) -> _Identity:
    path = base / "node.json"
    if path.exists():
        return _Identity(**json.loads(path.read_text(encoding="ascii")))
    amqp, distribution, epmd = _free_ports(3)
    password = secrets.token_urlsafe(24)
    facts = {"amqp_port": amqp, "distribution_port": distribution, "epmd_port": epmd, "password": password}
    _write_private(path, json.dumps(facts))
    return _Identity(amqp_port=amqp, distribution_port=distribution, epmd_port=epmd, password=password)


def _free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now."""
    ports: list[int] = []
    for _ in range(1_000):
        port = _PORTS.start + secrets.randbelow(len(_PORTS))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((_HOST, port))
            if port not in ports:
                ports.append(port)
        if len(ports) == count:
            return ports
    raise BrokerUnavailable(f"No free ports between {_PORTS.start} and {_PORTS.stop} on {_HOST}.")


def _write_configuration(base: Path, identity: _Identity) -> None:
    for folder in ("home", "data", "log"):
        (base / folder).mkdir(mode=0o700, exist_ok=True)
    _write_private(base / "enabled_plugins", "[].\n")
    lines = (
        f"listeners.tcp.1 = {_HOST}:{identity.amqp_port}",
        "default_user = solidair",
        f"default_pass = {identity.password}",
        "log.console = false",
        "log.file.level = warning",
        "disk_free_limit.absolute = 100MB",
        "vm_memory_high_watermark.absolute = 1GB",
        # The default keeps up to 512 MB of log of the quorum queues in memory.
        "raft.wal_max_size_bytes = 33554432",
    )
    _write_private(base / "rabbitmq.conf", "\n".join(lines) + "\n")


def _environment(base: Path, identity: _Identity, programs: BrokerPrograms) -> dict[str, str]:
    """All that the node's environment is; nothing of ours, so no setting of another RabbitMQ or Erlang slips in."""
    return {
        "PATH": f"{programs.erlang_bin}:{os.defpath}",
        "HOME": str(base / "home"),
        "LC_ALL": "C.UTF-8",
        "ERL_EPMD_PORT": str(identity.epmd_port),
        "ERL_EPMD_ADDRESS": _HOST,
        "RABBITMQ_NODENAME": identity.name,
        "RABBITMQ_DIST_PORT": str(identity.distribution_port),
        "RABBITMQ_MNESIA_BASE": str(base / "data"),
        "RABBITMQ_LOG_BASE": str(base / "log"),
        "RABBITMQ_CONFIG_FILE": str(base / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(base / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(base / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_SCHEDULER_BIND_TYPE": "u",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",
        # The script then becomes the Erlang machine instead of waiting for it: our process id is the node's, and SIGTERM ends it in order.
        "RUNNING_UNDER_SYSTEMD": "true",
    }


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)


# Processes


def _spawn(base: Path, command: tuple[str, ...], environment: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C is ours to handle, and with `base` as its folder, by which it is recognised later."""
    try:
        with output.open("wb") as log:
            return subprocess.Popen(
                command,
                cwd=base,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
            )
    except OSError as error:
        raise BrokerUnavailable(f"{command[0]} does not run on this machine: {error}.") from error


def _await_port(process: subprocess.Popen[bytes], port: int, output: Path, *, greeting: bytes) -> None:
    """Wait until the process answers on its port; a listener that does not answer an AMQP greeting is not up yet."""
    deadline = time.monotonic() + _START_S_MAX
    while not _answers(port, greeting):
        if process.poll() is not None:
            raise BrokerUnavailable(f"RabbitMQ did not start; {output} ends with:\n{tail(output)}")
        if time.monotonic() > deadline:
            raise BrokerUnavailable(f"RabbitMQ was not up within {_START_S_MAX} s; {output} ends with:\n{tail(output)}")
        time.sleep(0.1)


def _answers(port: int, greeting: bytes) -> bool:
    try:
        with socket.create_connection((_HOST, port), timeout=2) as connection:
            if greeting:
                connection.sendall(greeting)
                return connection.recv(1) == b"\x01"
            return True
    except OSError:
        return False


def _stop_processes(processes: tuple[subprocess.Popen[bytes], ...]) -> None:
    """The last started first: the node takes its name out of epmd before that goes."""
    for process in reversed(processes):
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_STOP_S_MAX)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _stop_left_behind(base: Path) -> None:
    """End the node and the epmd of a process that was killed; a number that another program got since is left alone."""
    try:
        pids = [int(word) for word in (base / "pids").read_text(encoding="ascii").split()]
    except FileNotFoundError:
        return
    for pid in reversed(pids):
        deadline = time.monotonic() + _STOP_S_MAX
        with contextlib.suppress(ProcessLookupError):
            if _works_in(pid, base):
                os.kill(pid, signal.SIGTERM)
            while _works_in(pid, base):
                if time.monotonic() > deadline:
                    os.killpg(pid, signal.SIGKILL)
                time.sleep(0.1)
    (base / "pids").unlink()


def _works_in(pid: int, base: Path) -> bool:
    """Whether the process lives and was started by us in this folder (a zombie has no folder any more)."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == base.resolve()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False

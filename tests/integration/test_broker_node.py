"""A RabbitMQ node of our own: starts, keeps what was confirmed over a restart, and leaves no process behind."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import aio_pika
import pytest
from pamqp.common import FieldTable

from app.adapters import broker_node as broker_node_of_ours
from app.adapters import broker_packages
from app.adapters.broker_packages import BrokerUnavailable
from tests.fixtures.broker import OwnBroker

CHECKOUT = Path(__file__).resolve().parents[2]
QUORUM: FieldTable = {"x-queue-type": "quorum"}
USER_SCRIPT = """
    import sys, time
    from pathlib import Path
    from app.adapters import broker_node

    with broker_node.running(Path(sys.argv[1])) as node:
        print(node.url, flush=True)
        time.sleep(100)
"""


def processes_of(folder: Path) -> list[str]:
    """Names of the living processes that were started with this folder in their environment."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if os.fsencode(f"{folder}/") in (process / "environ").read_bytes():
                    found.append((process / "comm").read_text().strip())
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue
    return sorted(found)


def listening_addresses(port: int) -> set[str]:
    """Local addresses, as the kernel writes them, on which somebody listens on the port."""
    lines = [line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return {local.rsplit(":", 1)[0] for _, local, _, state, *_ in lines if state == "0A" and int(local.rsplit(":", 1)[1], 16) == port}


async def publish(url: str, queue: str, body: bytes) -> None:
    """Put one message in a quorum queue and wait for the broker's confirm."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.declare_queue(queue, durable=True, arguments=QUORUM)
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, queue, mandatory=True)


async def consume(url: str, queue: str) -> bytes:
    """Take one message from a quorum queue."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        declared = await channel.declare_queue(queue, durable=True, arguments=QUORUM)
        message = await declared.get(timeout=10)
        await message.ack()
        return message.body


@pytest.mark.slow
@pytest.mark.broker
async def test_confirmed_message_survives_a_restart(broker_node: OwnBroker) -> None:
    """The same node again: same address, same queues, same messages."""
    url = broker_node.url
    await publish(url, "test.restart", b"42")

    broker_node.restart()
    body = await consume(broker_node.url, "test.restart")

    assert body == b"42"
    assert broker_node.url == url


@pytest.mark.slow
@pytest.mark.broker
async def test_broker_passes_a_message_on_a_quorum_queue(broker: str) -> None:
    await publish(broker, "test.quorum", b"one")

    assert await consume(broker, "test.quorum") == b"one"


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.timeout(300)
def test_killed_owner_leaves_a_node_that_the_next_start_replaces(tmp_path: Path, broker_node: OwnBroker) -> None:
    """Everything of one node: private files, loopback only, one owner at a time, found after kill -9, gone after SIGTERM.

    One test, because a node takes seconds to start. `broker_node` is asked for so that a machine without RabbitMQ skips it.
    """
    folder = tmp_path / "node"
    command = [sys.executable, "-c", textwrap.dedent(USER_SCRIPT), str(folder)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        url = killed.stdout.readline().strip()
        asyncio.run(publish(url, "test.orphan", b"kept"))
        port = int(url.rsplit(":", 1)[1].rstrip("/"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir(), folder / "home/.erlang.cookie")}
        with pytest.raises(broker_packages.BrokerUnavailable, match="in use"):
            broker_node_of_ours.start(folder)
        killed.kill()
    left_behind = processes_of(folder)

    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as second:
        assert second.stdout is not None
        second_url = second.stdout.readline().strip()
        kept = asyncio.run(consume(second_url, "test.orphan"))
        count_of_epmd = processes_of(folder).count("epmd")
        second.send_signal(signal.SIGTERM)
        code = second.wait(60)

    assert "epmd" in left_behind
    assert (second_url, kept, count_of_epmd) == (url, b"kept", 1)
    assert code == 128 + signal.SIGTERM
    assert processes_of(folder) == []
    assert all(bits & 0o077 == 0 for name, bits in modes.items() if name != "node.lock"), modes
    assert listening_addresses(port) == set()


@pytest.mark.slow
@pytest.mark.broker
def test_node_listens_on_loopback_only(broker_node: OwnBroker) -> None:
    port = int(broker_node.url.rsplit(":", 1)[1].rstrip("/"))

    assert listening_addresses(port) == {"0100007F"}


def test_machine_without_apt_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither RabbitMQ nor apt: the sentence names the setting that helps, and no half-made folder stays."""
    monkeypatch.setattr(broker_packages, "_INSTALLED", tmp_path / "absent")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BrokerUnavailable, match="SOLIDAIR_AMQP_URL"):
        broker_packages.find_programs(tmp_path / "cache")

    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["rabbitmq.lock"]


def test_failing_apt_gets_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network apt fails: what it said is in the error, and the next try begins anew."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("apt-get", "apt-cache", "dpkg"):
        (programs / name).write_text("#!/bin/sh\necho 'E: no route' >&2\nexit 100\n")
        (programs / name).chmod(0o755)
    monkeypatch.setattr(broker_packages, "_INSTALLED", tmp_path / "absent")
    monkeypatch.setenv("PATH", str(programs))

    with pytest.raises(BrokerUnavailable, match="no route"):
        broker_packages.find_programs(tmp_path / "cache")

    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["rabbitmq.lock"]


def test_scripts_follow_a_moved_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Erlang's scripts name the folder they were made for; after a move they name the new one, and keep their right to run."""
    script = tmp_path / "cache/rabbitmq/usr/lib/erlang/bin/erl"
    script.parent.mkdir(parents=True)
    script.write_text('if [ -z "$ERL_ROOTDIR" ]\nthen\n    ROOTDIR=/usr/lib/erlang\nfi\nexport ROOTDIR\n')
    script.chmod(0o755)
    monkeypatch.setattr(broker_packages, "_INSTALLED", tmp_path / "absent")

    programs = broker_packages.find_programs(tmp_path / "cache")

    assert f'    ROOTDIR="{tmp_path}/cache/rabbitmq/usr/lib/erlang"\n' in script.read_text()
    assert "export ROOTDIR\n" in script.read_text()
    assert stat.S_IMODE(script.stat().st_mode) == 0o755
    assert programs.erlang_bin == tmp_path / "cache/rabbitmq/usr/bin"


def test_folder_with_a_space_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_packages, "_INSTALLED", tmp_path / "absent")

    with pytest.raises(BrokerUnavailable, match="space"):
        broker_packages.find_programs(tmp_path / "my cache")

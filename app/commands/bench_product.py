"""The other side of `solidair bench`: the product itself, as it runs in production, from the first byte of the POST to the 325 in the postvak.

An HTTP process (`solidair serve --alleen-http`) and a worker (`solidair work`) on the database of the round, each a process of its own, so that
their memory can be measured apart.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from app.commands.bench_case import NU, PARTIJ, Geval
from app.domain.errors import DomainError

WAIT_S = 60
OUTCOME_S_MAX = 600.0
START_S_MAX = 30.0
STOP_S_MAX = 30.0
ADDRESS = re.compile(r"http://\S+")
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class MetingMislukt(DomainError):
    """De meting is niet geldig."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meting:
    """One declaratie end to end. Seconds from the start of the POST; memory is the peak of the process in bytes, None where it is not known."""

    aangenomen_s: float
    antwoord_s: float
    worker_bytes: int | None
    server_bytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Processen:
    """The running product: where it listens, and its two processes."""

    url: str
    server: subprocess.Popen[str]
    worker: subprocess.Popen[str]


@contextmanager
def product(dsn: str, folder: Path, **settings: str) -> Iterator[Processen]:
    """HTTP process and worker on `dsn`, with the keys in `folder` and a log of each; both are stopped at the end.

    Raises:
        MetingMislukt: The HTTP process does not come up.
    """
    environment = _environment(dsn, folder, settings)
    with ExitStack() as stack:
        server = _start(stack, folder, "serve", "--alleen-http", environment=environment)
        worker = _start(stack, folder, "work", environment=environment)
        yield Processen(url=_address(server), server=server, worker=worker)


@contextmanager
def web_process(dsn: str, folder: Path, **settings: str) -> Iterator[str]:
    """The address of an HTTP process alone on `dsn`, once it answers; stopped at the end. Nothing is judged meanwhile.

    Raises:
        MetingMislukt: It does not come up.
    """
    with ExitStack() as stack:
        server = _start(stack, folder, "serve", "--alleen-http", environment=_environment(dsn, folder, settings))
        url = _address(server)
        with httpx.Client(base_url=url) as client:
            _wait_until_up(client)
        yield url


def _environment(dsn: str, folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process, with the settings of the measurement instead of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SOLIDAIR_")}
    wanted = {"MODE": "test", "NU": NU.isoformat(), "DATABASE_URL": dsn, "DATA_DIR": str(folder), "LOG_LEVEL": "WARNING", **settings}
    return {**own, **{f"SOLIDAIR_{name}": value for name, value in wanted.items()}}


def _start(stack: ExitStack, folder: Path, command: str, *arguments: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    log: IO[str] = stack.enter_context((folder / f"{command}.log").open("a", encoding="utf-8"))
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", command, *arguments], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
    )
    stack.callback(_stop, process)
    return process


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _address(server: subprocess.Popen[str]) -> str:
    """The address that `solidair serve` prints when it listens."""
    assert server.stdout is not None
    found = ADDRESS.search(server.stdout.readline())
    if found is None:
        raise MetingMislukt("De meting is niet geldig: de server is niet gestart.")
    return found[0]


def measure(processen: Processen, geval: Geval, token: str) -> Meting:
    """Send the small declaratie to warm up, then measure the big one.

    Raises:
        MetingMislukt: It was not granted in full, or there was no outcome in ten minutes.
    """
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    with httpx.Client(base_url=processen.url, headers=headers, timeout=OUTCOME_S_MAX) as client:
        _wait_until_up(client)
        _send(client, geval.warm)
        accepted_s, answered_s, outcome = _send(client, geval.data)
    if outcome["status"] != "verwerkt" or outcome["toegekend_cent"] != geval.toegekend_cent:
        raise MetingMislukt(f"De meting is niet geldig: de declaratie kreeg status {outcome['status']}, {outcome['retourcodes']}.")
    return Meting(
        aangenomen_s=accepted_s,
        antwoord_s=answered_s,
        worker_bytes=peak_memory(processen.worker.pid),
        server_bytes=peak_memory(processen.server.pid),
    )


def _wait_until_up(client: httpx.Client) -> None:
    """The socket is open before the application answers."""
    deadline = time.monotonic() + START_S_MAX
    while True:
        try:
            client.get("/healthz").raise_for_status()
        except httpx.TransportError as error:
            if time.monotonic() > deadline:
                raise MetingMislukt("De meting is niet geldig: de server antwoordt niet.") from error
            time.sleep(0.1)
        else:
            return


def _send(client: httpx.Client, data: bytes) -> tuple[float, float, dict[str, object]]:
    """Seconds until the door took it, seconds until its answer lies in the postvak, and the outcome."""
    begin = time.perf_counter()
    answer = client.post("/v1/berichten", content=data)
    accepted_s = time.perf_counter() - begin
    if answer.status_code != httpx.codes.ACCEPTED:
        raise MetingMislukt(f"De meting is niet geldig: de deur antwoordt {answer.status_code}.")
    nr = answer.json()["id"]
    while time.perf_counter() - begin < OUTCOME_S_MAX:
        outcome: dict[str, object] = client.get(f"/v1/berichten/{nr}", params={"wacht": WAIT_S}).raise_for_status().json()
        if outcome["status"] == "ontvangen":
            continue
        waiting = client.get(f"/v1/postvakken/{PARTIJ}").raise_for_status().json()["items"]
        if any(item["antwoord_op"] == nr for item in waiting):
            return accepted_s, time.perf_counter() - begin, outcome
        raise MetingMislukt(f"De meting is niet geldig: status {outcome['status']} zonder antwoord in het postvak.")
    raise MetingMislukt("De meting is niet geldig: na tien minuten was er geen oordeel.")


def peak_memory(pid: int) -> int | None:
    """The most memory a process has had resident so far, in bytes; None where /proc is not there to say so."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    found = PEAK.search(status)
    return int(found[1]) * 1024 if found else None

"""The processor time of every page, for `benchmarks.pages --processor`: what a page takes where a processor is free, whatever else the machine does.

The pages are asked in this process, and what PostgreSQL spends is added: of the postmaster, its processes and the parallel workers that have ended.
The database is on this machine, on Linux, and nobody else uses it; a tick is 10 ms, so a page is asked eight times. What is kept between
requests (`app.adapters.bewaren`) is made the first time and not again; that first time is printed apart.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.adapters import bewaren
from app.adapters.wereld import Wereld
from app.main import maak_app
from app.settings import Settings

KEER = 8
LANG_S = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Processortijd:
    """One page for one person, in milliseconds: of Python, of PostgreSQL, and of both together the first time."""

    wie: str
    pad: str
    python: float
    postgres: float
    eerste: float

    def __str__(self) -> str:
        both = self.python + self.postgres
        parts = f"python {self.python:4.0f}, postgres {self.postgres:4.0f}; first time {self.eerste:5.0f}"
        return f"{self.wie:9} {self.pad:62} processor {both:5.0f} ms ({parts})"


async def measure(wereld: Wereld, settings: Settings, people: Sequence[str], password: str, paden: Sequence[str]) -> list[Processortijd]:
    """Every page that these people may see, the cheapest first."""
    wereld.bewaard.oud_s_max = LANG_S
    bewaren.JONG_S = LANG_S
    server = _parent(await wereld.pool.fetchval("select pg_backend_pid()"))
    app = maak_app(settings, wereld)
    found = []
    for wie in people:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=60) as browser:
            await _sign_in(browser, wie, password)
            for pad in paden:
                begin = _spent(server)
                if (await browser.get(pad)).status_code != httpx.codes.OK:  # Not a page of this person.
                    continue
                first = sum(_spent(server)) - sum(begin)
                begin = _spent(server)
                for _ in range(KEER):
                    await wereld.pool.execute("select pg_current_xact_id()")
                    await browser.get(pad)
                python, postgres = ((now - then) / KEER for now, then in zip(_spent(server), begin, strict=True))
                found.append(Processortijd(wie=wie, pad=pad, python=python, postgres=postgres, eerste=first))
    return sorted(found, key=lambda each: each.python + each.postgres)


async def _sign_in(browser: httpx.AsyncClient, wie: str, password: str) -> None:
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/aanmelden")).text)
    assert csrf is not None
    answer = await browser.post("/aanmelden", data={"naam": wie, "wachtwoord": password, "csrf": csrf[1], "naar": "/"})
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.status_code


def _spent(server: int) -> tuple[float, float]:
    """Milliseconds that this process and PostgreSQL have used."""
    tick = 1000 / os.sysconf("SC_CLK_TCK")
    ticks = sum(_stat(server)[13:17])
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = _stat(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):  # It ended meanwhile; the postmaster counts it from now on.
            continue
        if stat[3] == server:
            ticks += sum(stat[13:15])
    return 1000 * time.process_time(), tick * ticks


def _parent(pid: int) -> int:
    return _stat(pid)[3]


def _stat(pid: int) -> list[int]:
    """The numbers of /proc/<pid>/stat in the places that its manual gives them, from 0; what is not a number is 0."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return [0, 0, *(int(each) if each.lstrip("-").isdigit() else 0 for each in fields)]

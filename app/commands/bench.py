"""`solidair bench`: a declaratie of 25 MB end to end, as a ratio of a floor program in the same run on the same database (DESIGN section 10).

Works on scratch databases that it makes and drops, on the server of SOLIDAIR_DATABASE_URL or on the embedded one; the data of the installation
is not touched. Each round has a fresh copy, so that every round starts from the same past; floor and product take turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import secrets
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from tqdm import tqdm

from app.adapters.database import migrate
from app.adapters.log import configure_logging
from app.adapters.xml import Schemas
from app.bootstrap import database_of, open_wereld
from app.commands.bench_case import NU, PARTIJ, Geval, load_geval, make_geval
from app.commands.bench_floor import run_floor
from app.commands.bench_product import Meting, measure, product
from app.commands.wereld import read_settings
from app.domain.errors import OngeldigVerzoek, Unavailable
from app.identity import maak_token
from app.settings import Settings

RATIO_MAX = 3.0
RATIO_WISHED = 2.0
WORKER_BYTES_MAX = 512 * 1024 * 1024
PREFIX = "solidair_bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ronde:
    """One turn of both: seconds of the floor, and the measurement of the product."""

    bodem_s: float
    product: Meting


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 when it was measured; whether the budget is met is in what is printed."""
    if arguments.herhaal < 1 or arguments.bytes < 10_000:
        raise OngeldigVerzoek("--herhaal is ten minste 1 en --bytes ten minste 10 000")
    settings = read_settings()
    configure_logging(level="WARNING")
    geval = make_geval(arguments.bytes, dicht=arguments.dicht)
    with database_of(settings) as dsn, tempfile.TemporaryDirectory(prefix="solidair-bench-") as folder:
        rounds, version = asyncio.run(_rounds(dsn, geval, Path(folder), arguments.herhaal))
    report = as_report(geval, rounds, postgres=version)
    print(json.dumps(report, ensure_ascii=False, indent=2) if arguments.as_json else as_text(report))
    return 0


async def _rounds(dsn: str, geval: Geval, folder: Path, count: int) -> tuple[list[Ronde], str]:
    """So many rounds on copies of one prepared database; and the version of PostgreSQL."""
    async with scratch(dsn) as base:
        base_dsn = with_database(dsn, base)
        await asyncio.to_thread(migrate, base_dsn)
        token = await _prepare(base_dsn, geval, folder)
        rounds = []
        for _ in tqdm(range(count), unit="ronde", file=sys.stderr):
            async with scratch(dsn, template=base) as name:
                rounds.append(await _round(with_database(dsn, name), geval, folder, token))
        connection = await asyncpg.connect(base_dsn)
        try:
            return rounds, str(await connection.fetchval("show server_version"))
        finally:
            await connection.close()


async def _prepare(dsn: str, geval: Geval, folder: Path) -> str:
    """Fill the database that every round gets a copy of; returns a token of the aanbieder."""
    settings = Settings(mode="test", nu=NU, data_dir=folder, database_url=None, amqp_url=None, key_file=None)
    async with open_wereld(settings, dsn) as wereld:
        await load_geval(wereld, geval, folder / "regio")
        return await maak_token(wereld, [PARTIJ], "bench")


async def _round(dsn: str, geval: Geval, folder: Path, token: str) -> Ronde:
    connection = await asyncpg.connect(dsn)
    try:
        await _checkpoint(connection)
        floor_s = await run_floor(connection, geval, Schemas())
        await _checkpoint(connection)
    finally:
        await connection.close()
    return Ronde(bodem_s=floor_s, product=await asyncio.to_thread(_measure, dsn, geval, folder, token))


def _measure(dsn: str, geval: Geval, folder: Path, token: str) -> Meting:
    with product(dsn, folder) as processen:
        return measure(processen, geval, token)


async def _checkpoint(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """What was written before is on disk before the clock starts; a role that may not ask for it measures with more noise."""
    try:
        await connection.execute("checkpoint")
    except asyncpg.InsufficientPrivilegeError:
        print("deze rol mag geen checkpoint vragen: de meting heeft meer ruis", file=sys.stderr)


@asynccontextmanager
async def scratch(dsn: str, template: str | None = None) -> AsyncIterator[str]:
    """The name of a new database on the server of `dsn`, empty or a copy of `template`; dropped at the end.

    Raises:
        OngeldigVerzoek: The role may not make databases.
        Unavailable: The server does not answer.
    """
    name = f"{PREFIX}_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        await _execute(dsn, f'create database "{name}"' + (f' template "{template}"' if template else ""))
    except asyncpg.InsufficientPrivilegeError as error:
        raise OngeldigVerzoek("bench maakt eigen databases; deze rol mag dat niet (CREATEDB)") from error
    except (OSError, asyncpg.PostgresConnectionError) as error:
        raise Unavailable("de database is niet bereikbaar") from error
    try:
        yield name
    finally:
        await _execute(dsn, f'drop database "{name}" with (force)')


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def with_database(dsn: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def as_report(geval: Geval, rounds: list[Ronde], *, postgres: str) -> dict[str, Any]:
    """The figures as `--json` prints them: medians in seconds, peaks in bytes (the highest of all rounds), and each round."""
    floor_s = statistics.median(each.bodem_s for each in rounds)
    product_s = statistics.median(each.product.antwoord_s for each in rounds)
    worker = _highest(each.product.worker_bytes for each in rounds)
    return {
        "bytes": len(geval.data),
        "prestaties": geval.prestaties,
        "vorm": "dicht" if geval.dicht else "ingesprongen",
        "bodem_s": round(floor_s, 3),
        "aangenomen_s": round(statistics.median(each.product.aangenomen_s for each in rounds), 3),
        "antwoord_s": round(product_s, 3),
        "verhouding": round(product_s / floor_s, 2),
        "verhouding_max": RATIO_MAX,
        "verhouding_gewenst": RATIO_WISHED,
        "worker_bytes": worker,
        "worker_bytes_max": WORKER_BYTES_MAX,
        "server_bytes": _highest(each.product.server_bytes for each in rounds),
        "binnen_budget": product_s <= RATIO_MAX * floor_s and (worker or 0) <= WORKER_BYTES_MAX,
        "rondes": [
            {"bodem_s": round(r.bodem_s, 3), "aangenomen_s": round(r.product.aangenomen_s, 3), "antwoord_s": round(r.product.antwoord_s, 3)}
            for r in rounds
        ],
        "machine": {"processors": os.cpu_count(), "python": platform.python_version(), "postgres": postgres},
    }


def _highest(values: Any) -> int | None:
    return max((value for value in values if value is not None), default=None)


def as_text(report: dict[str, Any]) -> str:
    """The figures for a reader."""
    lines = [
        f"declaratie    {report['bytes'] / 1e6:8.1f} MB   {report['prestaties']} prestaties, {report['vorm']}",
        f"bodem         {report['bodem_s']:8.3f} s    mediaan van {len(report['rondes'])}",
        f"aangenomen    {report['aangenomen_s']:8.3f} s    antwoord van de deur (202)",
        f"antwoord      {report['antwoord_s']:8.3f} s    325 in het postvak",
        f"verhouding    {report['verhouding']:8.2f} x    hoogstens {RATIO_MAX:.0f}, gewenst {RATIO_WISHED:.0f}",
        f"worker        {_megabytes(report['worker_bytes'])}   piek, hoogstens {WORKER_BYTES_MAX // 2**20} MB",
        f"server        {_megabytes(report['server_bytes'])}   piek",
        "binnen het budget" if report["binnen_budget"] else "NIET binnen het budget",
    ]
    return "\n".join(lines)


def _megabytes(value: int | None) -> str:
    return "onbekend     " if value is None else f"{value / 2**20:8.0f} MB"

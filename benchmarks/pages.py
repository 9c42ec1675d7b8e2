"""How long every page takes with a million berichten and a million transfers stored; the budget is 150 ms at p95 (issue 8).

A scratch database is filled (`benchmarks.pages_fill`), the HTTP process is started as it runs in production, a person of the region and a person
of one gemeente sign in, and each page is asked thirty times, in turns. Pages that a listing of the routes holds and this file does not name are
printed as not measured.

Before every turn a transaction writes something, so answers that are kept (`app.adapters.bewaren`) are made anew beside those who read, as they are
in production. The first turn, which makes them, is not measured but printed when it took longer than the budget.

    python -m benchmarks.pages [--paren 500000] [--keer 30] [--alleen /geld] [--database solidair_pages]

With `--processor` the processor time of every page is printed instead (`benchmarks.pages_processor`).
With `--database` the filled database is kept under that name and used again.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
import httpx
from fastapi.routing import APIRoute

from app.adapters.clock import AMSTERDAM
from app.adapters.database import Connection, migrate
from app.adapters.log import configure_logging
from app.adapters.wereld import Wereld
from app.bootstrap import database_of, open_wereld
from app.commands.bench import scratch, with_database
from app.commands.bench_case import valid_bsns
from app.commands.bench_product import web_process
from app.commands.wereld import read_settings
from app.domain.bericht import Domein
from app.domain.errors import Conflict
from app.domain.partij import Rol, aanbieder
from app.identity import maak_account
from app.mailbox.inbox import kenmerk
from app.register.store import ensure_clients
from app.settings import Settings
from app.standard.writing import write
from app.web import maak_web
from benchmarks import pages_processor as processor
from benchmarks.pages_fill import FILL, PAREN
from tests.builders import make_301, make_315, make_323

NU = datetime(2026, 7, 3, 9, 0, tzinfo=AMSTERDAM)
P95_MS_MAX = 150.0
WACHTWOORD = "meten-is-weten-2026"
PERSONEN: Mapping[str, list[str] | None] = {"regio": None, "gemeente": ["1003"]}
"""Who looks: login name, and the gemeenten that they see; besides them `ZORG`."""
ZORG = "aanbieder"
"""A person of the aanbieder of the declaratie that is looked at."""
BLADEN_VAN_ZORG = (
    "/",
    "/mijn",
    "/mijn?stand=nieuw",
    "/mijn/toewijzingen/{toewijzing}",
    "/mijn/clienten/{client}",
    "/mijn/declaraties",
    "/mijn/declaraties/{declaratie}",
    "/mijn/declaraties/nieuw?maand=2026-06",
    "/mijn/berichten",
    "/mijn/afrekeningen",
    "/meldingen",
)

BLADEN = (
    "/",
    "/berichten",
    "/berichten?richting=alle",
    "/berichten?status=geparkeerd&richting=alle",
    "/berichten?retourcode=9321&richting=alle",
    "/berichten?partij=aanbieder:42420007",
    "/berichten?identificatie=H400000",
    "/berichten?van=2026-03-01&tot=2026-03-02&soort=323",
    "/berichten/{declaratie}",
    "/berichten/{declaratie}/regels?client=1&prestatie=1",
    "/berichten/{declaratie}/regels/1",
    "/uitval",
    "/uitval?periode=365",
    "/uitval/{oorzaak}",
    "/uitval/{oorzaak}/{fout}",
    "/meldingen",
    "/vasthouden",
    "/termijnen",
    "/termijnen?stand=te_laat",
    "/toegang",
    "/toegang?status=gestart",
    "/toegang?status=aanvaard",
    "/toegang?status=geweigerd",
    "/toegang?status=opgehaald",
    "/toegang/nieuw",
    "/toegang/verzoeken",
    "/toegang/clienten/{client}",
    "/toegang/toewijzingen/{toewijzing}",
    "/controle",
    "/controles",
    "/gezondheid",
    "/regels",
    "/herbeoordelen",
    "/contracten",
    "/contracten?jaar=2025",
    "/contracten/lijst",
    "/contracten/lijst?product={product}",
    "/contracten/lijst/contract?contract={contract}",
    "/geld",
    "/geld?jaar=2025",
    "/geld/uitputting",
    "/geld/uitputting?per=aanbieder",
    "/geld/uitputting?per=zorgvorm",
    "/geld/uitputting?basis=boek",
    "/geld/herkomst",
    "/geld/herkomst/prestaties/{declaratie}/1",
    "/geld/herkomst/toewijzingen/{toewijzing}",
    "/geld/casussen",
    "/geld/betalingen",
    "/geld/boekingen",
    "/geld/afrekeningen",
    "/geld/maanden",
    "/geld/verevening",
    "/geld/vergelijken",
    "/geld/risico",
    "/geld/grenzen",
)
NIET_GEMETEN = re.compile(
    r"\.(csv|xlsx|pdf|\{vorm\}|\{soort\})$|/xml$|^/live$|^/aanmelden$|^/herkomst$|/bestand/|^/geld/verevening/\{|^/geld/herkomst/verevening/|^/geld/betalingen/\{"
    r"|^/toegang/concepten/|^/herbeoordelen/\{"
)
"""Files, redirects, and pages of something that this fill does not make (runs, drafts)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meting:
    """One page for one person; milliseconds. On a machine that does other things too, `kortst` says most about the page."""

    wie: str
    pad: str
    status: int
    kortst: float
    p50: float
    p95: float


def main() -> None:
    """Print each page, the slowest last, and end with an error when one is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paren", type=int, default=PAREN, help="pairs of a bericht and its answer")
    parser.add_argument("--keer", type=int, default=30, help="how often each page is asked")
    parser.add_argument("--alleen", default="/", help="only pages whose address begins so")
    parser.add_argument("--database", help="keep the filled database under this name, or use it")
    parser.add_argument("--processor", action="store_true", help="processor time of every page; on a busy machine the clock says little")
    options = parser.parse_args()
    configure_logging(level="WARNING")
    settings = read_settings()
    with database_of(settings) as dsn, tempfile.TemporaryDirectory(prefix="solidair-benchmark-") as empty:
        # The keys stay with a database that is kept.
        folder = settings.data_dir / options.database if options.database else Path(empty)
        folder.mkdir(parents=True, exist_ok=True)
        metingen = asyncio.run(_measure(dsn, folder, options))
    for each in sorted(metingen, key=lambda meting: meting.p95):
        print(f"{each.wie:9} {each.pad:62} {each.status} least {each.kortst:6.0f} ms  p50 {each.p50:6.0f} ms  p95 {each.p95:6.0f} ms")
    slow = [each for each in metingen if each.p95 > P95_MS_MAX or each.status != httpx.codes.OK]
    if slow:
        raise SystemExit(f"{len(slow)} of {len(metingen)} over the budget of {P95_MS_MAX:.0f} ms, or not a page")


async def _measure(dsn: str, folder: Path, options: argparse.Namespace) -> list[Meting]:
    async with _database(dsn, options.database) as own:
        settings = Settings(mode="test", nu=NU, data_dir=folder, database_url=None, amqp_url=None, key_file=None)
        async with open_wereld(settings, own) as wereld:
            if not await wereld.pool.fetchval("select exists (select from bericht)"):
                await _fill(wereld, options.paren)
            plekken = await _plekken(wereld)
            await _accounts(wereld, plekken["agb"])
            _say_what_is_left_out(wereld)
            if options.processor:
                paden = [pad.format_map(plekken) for pad in BLADEN if pad.startswith(options.alleen)]
                for each in await processor.measure(wereld, settings, list(PERSONEN), WACHTWOORD, paden):
                    print(each)
                return []
        return await asyncio.to_thread(_ask, own, folder, plekken, options)


@asynccontextmanager
async def _database(dsn: str, name: str | None) -> AsyncIterator[str]:
    """The database to measure on, migrated: a scratch one, or the one of this name, made when it is not there."""
    if name is None:
        async with scratch(dsn) as made:
            await asyncio.to_thread(migrate, with_database(dsn, made))
            yield with_database(dsn, made)
        return
    connection = await asyncpg.connect(dsn)
    try:
        if not await connection.fetchval("select exists (select from pg_database where datname = $1)", name):
            await connection.execute(f'create database "{name}"')
    finally:
        await connection.close()
    await asyncio.to_thread(migrate, with_database(dsn, name))
    yield with_database(dsn, name)


async def _fill(wereld: Wereld, paren: int) -> None:
    begin = time.perf_counter()
    await ensure_clients(wereld.pool, wereld.kluis, valid_bsns()[:9000], wereld.nu)
    async with wereld.pool.acquire() as connection:
        async with connection.transaction():
            await _sjablonen(connection, wereld)
            for statement in FILL:
                await connection.execute(statement.replace("$1", str(paren)), timeout=900)
        await connection.execute("vacuum analyze", timeout=900)
        rows = [await connection.fetchval(f"select count(*) from {table}") for table in ("bericht", "boeking", "prestatie")]
    print(f"{rows[0]} berichten, {rows[1]} transfers, {rows[2]} prestaties in {time.perf_counter() - begin:.0f} s")


def _inhoud() -> list[tuple[Domein, str, bytes]]:
    """Bytes for the berichten of these soorten: one document each, whatever their rows say."""
    domeinen: tuple[Domein, ...] = ("ijw", "iwmo")
    made = [make(domein=domein) for domein in domeinen for make in (make_301, make_315, make_323)]
    return [(bericht.domein, bericht.soort, write(bericht)) for bericht in made]


async def _sjablonen(connection: Connection, wereld: Wereld) -> None:
    """The table `sjabloon` that the fill reads: the encrypted bytes of every soort that has them."""
    await connection.execute("create temporary table sjabloon (domein text, soort text, sha256 bytea, versie smallint, inhoud bytea)")
    for domein, soort, data in _inhoud():
        sha256 = hashlib.sha256(data).digest()
        await connection.execute(
            "insert into sjabloon values ($1, $2, $3, $4, $5)", domein, soort, sha256, *wereld.kluis.bewaar(data, kenmerk(sha256))
        )


async def _accounts(wereld: Wereld, agb: str) -> None:
    people: list[tuple[str, Rol, list[str] | None, list[str]]] = [(naam, Rol.BEHEER, gemeenten, []) for naam, gemeenten in PERSONEN.items()]
    for naam, rol, gemeenten, partijen in (*people, (ZORG, Rol.AANBIEDER, [], [aanbieder(agb)])):
        try:
            await maak_account(wereld, naam, WACHTWOORD, [rol], gemeenten, partijen)
        except Conflict:  # A database that was kept has them.
            continue


async def _plekken(wereld: Wereld) -> dict[str, str]:
    """Something to look at: what stands between braces in `BLADEN`, all of the gemeente of the second person."""
    row = await wereld.pool.fetchrow(
        """
        select p.bericht_nr::text as declaratie, t.client_id::text as client,
               t.domein || '/' || t.gemeente || '/' || t.toewijzing_nummer as toewijzing,
               g.contract, g.code as product, t.agb,
               'afgekeurd.' || o.regel || '.' || o.retourcode || '.aanbieder' as oorzaak, o.bericht_nr::text as fout
          from prestatie p
         cross join lateral (
               select o.regel, o.retourcode, o.bericht_nr from bericht_oorzaak o join bericht b using (bericht_nr)
                where b.gemeente = p.gemeente and o.retourcode = '9321' order by o.bericht_nr desc limit 1) o
          join toewijzing_versie t using (domein, gemeente, toewijzing_nummer)
          join tarief g using (tarief_id)
         where p.gemeente = '1003' and p.toegekend order by p.bericht_nr desc limit 1
        """
    )
    assert row is not None
    return dict(row)


def _say_what_is_left_out(wereld: Wereld) -> None:
    """Print the pages that nobody measures, so that a new one is noticed."""
    asked = {re.sub(r"\{\w+\}|/\d+$", "*", each.partition("?")[0]) for each in (*BLADEN, *BLADEN_VAN_ZORG)}
    router, _ = maak_web(lambda: wereld)
    for route in _routes(router.routes):
        if "GET" in (route.methods or ()) and not NIET_GEMETEN.search(route.path):
            shape = route.path.replace("{domein}/{gemeente}/{nummer}", "*")
            if re.sub(r"\{[\w:]+\}", "*", shape) not in asked:
                print(f"not measured: {route.path}")


def _routes(found: Iterable[object]) -> Iterator[APIRoute]:
    """The routes of a router and of the routers in it."""
    for each in found:
        if isinstance(each, APIRoute):
            yield each
        elif (inner := getattr(each, "original_router", None)) is not None:
            yield from _routes(inner.routes)


def _ask(dsn: str, folder: Path, plekken: Mapping[str, str], options: argparse.Namespace) -> list[Meting]:
    wanted = [*((wie, pad) for wie in PERSONEN for pad in BLADEN), *((ZORG, pad) for pad in BLADEN_VAN_ZORG)]
    took: dict[tuple[str, str], list[float]] = {(wie, pad.format_map(plekken)): [] for wie, pad in wanted if pad.startswith(options.alleen)}
    status: dict[tuple[str, str], int] = {}
    with web_process(dsn, folder, NU=NU.isoformat(), ANTWOORD_OUD_S_MAX="300") as url, _people(url) as people:
        for turn in range(options.keer + 1):
            asyncio.run(_write_something(dsn))
            for (wie, pad), times in took.items():
                begin = time.perf_counter()
                answer = people[wie].get(pad)
                took_ms = (time.perf_counter() - begin) * 1000
                if turn:
                    times.append(took_ms)
                elif took_ms > P95_MS_MAX:
                    print(f"first time: {wie:9} {pad:62} {took_ms:6.0f} ms")
                status[wie, pad] = answer.status_code
    return [
        Meting(
            wie=wie,
            pad=pad,
            status=status[wie, pad],
            kortst=min(times),
            p50=statistics.median(times),
            p95=sorted(times)[max(0, len(times) * 95 // 100 - 1)],
        )
        for (wie, pad), times in took.items()
        if status[wie, pad] != httpx.codes.FORBIDDEN  # Not a page of this person.
    ]


async def _write_something(dsn: str) -> None:
    """A transaction that other readers see: what was read before is no longer the newest."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("select pg_current_xact_id()")
    finally:
        await connection.close()


@contextmanager
def _people(url: str) -> Iterator[Mapping[str, httpx.Client]]:
    with ExitStack() as stack:
        people = {naam: _signed_in(url, naam) for naam in (*PERSONEN, ZORG)}
        for client in people.values():
            stack.callback(client.close)
        yield people


def _signed_in(url: str, naam: str) -> httpx.Client:
    """A browser with a session, as the form gives it."""
    client = httpx.Client(base_url=url, timeout=60)
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/aanmelden").text)
    assert found is not None
    answer = client.post("/aanmelden", data={"naam": naam, "wachtwoord": WACHTWOORD, "csrf": found[1], "naar": "/"})
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.status_code
    return client


if __name__ == "__main__":
    main()

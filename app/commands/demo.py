"""`solidair demo`: a synthetic region from begin to end, on real PostgreSQL and, with `--broker`, real RabbitMQ.

Makes the region and its berichten, loads it, makes tokens and accounts, starts the HTTP process and the workers, sends every bericht over HTTP in
order within its lane, waits for the outcomes, verifies the ledger, settles, prints what happened, and keeps the pages open until Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime, time
from pathlib import Path

import httpx
from tqdm import tqdm

from app.adapters.clock import AMSTERDAM
from app.adapters.database import migrate
from app.adapters.kalender import vrije_dagen
from app.adapters.log import configure_logging
from app.adapters.wereld import Wereld
from app.bootstrap import database_of, open_wereld
from app.commands.demo_verslag import Verslag, collect, print_verslag
from app.commands.maand import read_month
from app.commands.serve import address_of, free_socket, serve_http
from app.commands.submit import Uitkomst, Zending, read_file, send_in_lanes, send_over_http
from app.commands.wereld import read_settings
from app.domain.errors import DomainError
from app.domain.partij import SYSTEEM, Rol, aanbieder, gemeente
from app.domain.periode import laatste_dag
from app.domain.werkdagen import na_werkdagen
from app.identity import maak_account, maak_token
from app.parties import laad_regio
from app.settings import Settings
from workers.run import run_workers, stop_on_signals

WERKDAGEN_NA_MAAND = 5
TIMEOUT_S = 120.0
SETTLE_POLL_S = 0.2


def run(arguments: argparse.Namespace) -> int:
    """Exit code 0 when the ledger verifies and the settlement adds up to zero."""
    base = read_settings()
    folder = base.data_dir / "demo"
    if not arguments.houden:
        clear(folder)
    nu = demo_clock(arguments.tot)
    with _broker(folder, wanted=arguments.broker) as amqp_url:
        changes = {"mode": "demo", "nu": base.nu or nu, "data_dir": folder, "amqp_url": amqp_url or base.amqp_url}
        settings = base.model_copy(update=changes)
        configure_logging(level="WARNING" if settings.log_level == "INFO" else settings.log_level)
        with database_of(settings) as dsn:
            migrate(dsn)
            verslag = asyncio.run(_demo(arguments, settings, dsn))
    return 0 if verslag.klopt else 1


def demo_clock(tot: str) -> datetime:
    """Nine o'clock on the fifth working day after the month `JJJJ-MM`: when its declaraties come in.

    Raises:
        OngeldigVerzoek: It is no month.
    """
    last = laatste_dag(read_month(tot))
    return datetime.combine(na_werkdagen(last, WERKDAGEN_NA_MAAND, vrije_dagen()), time(9), tzinfo=AMSTERDAM)


def clear(folder: Path) -> None:
    """Begin with nothing: the demo's own database, keys and files go, and its servers are stopped first."""
    from app.adapters import embedded

    if not folder.exists():
        return
    embedded.remove(folder / "postgres")
    shutil.rmtree(folder)


@contextmanager
def _broker(folder: Path, *, wanted: bool) -> Iterator[str | None]:
    """A RabbitMQ of our own while the demo runs, when it is asked for."""
    if not wanted:
        yield None
        return
    from app.adapters import broker_node

    with broker_node.running(folder / "rabbitmq") as node:
        yield node.url


async def _demo(arguments: argparse.Namespace, settings: Settings, dsn: str) -> Verslag:
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        wereld = await stack.enter_async_context(open_wereld(settings, dsn))
        listener = free_socket(settings.host, settings.port)
        stop_on_signals(stop, stack)
        async with asyncio.TaskGroup() as group:
            group.create_task(serve_http(wereld, settings, listener, stop))
            group.create_task(run_workers(wereld, settings, dsn, stop))
            try:
                verslag = await _show(arguments, wereld, settings, address_of(listener), stop)
                if not arguments.exit_after and not stop.is_set():
                    print("\nStop met Ctrl-C; de gegevens blijven staan (verder met DEMO_ARGS=--houden).", flush=True)
                    await stop.wait()
            finally:
                stop.set()
    return verslag


async def _show(arguments: argparse.Namespace, wereld: Wereld, settings: Settings, url: str, stop: asyncio.Event) -> Verslag:
    sent: list[Uitkomst] = []
    password: str | None = None
    if not arguments.houden or not (settings.data_dir / "regio").exists():
        region = await asyncio.to_thread(_generate, arguments, settings.data_dir / "regio")
        await laad_regio(wereld.pool, region, nu=wereld.nu, actor=SYSTEEM)
        password = await make_accounts(wereld)
        sendings = [read_file(path, wereld.schemas) for path in sorted((region / "berichten").iterdir())]
        sent = await send_all(wereld, sendings, url)
        await all_judged(wereld, stop)
    verslag = await collect(wereld, jaar=int(arguments.tot[:4]), sent=sent)
    print_verslag(verslag, url=url, password=password, folder=settings.data_dir)
    return verslag


def _generate(arguments: argparse.Namespace, folder: Path) -> Path:
    from app.parties.generator import generate, write_region

    print("Synthetische regio maken…", file=sys.stderr)
    generated = generate(
        seed=arguments.seed,
        gemeenten=arguments.gemeenten,
        aanbieders=arguments.aanbieders,
        clienten=arguments.clienten,
        maanden=arguments.maanden,
        tot=read_month(arguments.tot),
    )
    write_region(generated, folder)
    return folder


DEMO_ACCOUNTS: tuple[tuple[str, frozenset[Rol]], ...] = (
    ("beheer", frozenset({Rol.BEHEER})),
    ("uitval", frozenset({Rol.UITVAL, Rol.INZAGE})),
    ("controller", frozenset({Rol.CONTROLLER, Rol.INZAGE})),
)
TOEGANG_ACCOUNT = "toegang"
AANBIEDER_ACCOUNT = "aanbieder"


async def make_accounts(wereld: Wereld) -> str:
    """People of the region, the access team of its first gemeente and somebody of its first aanbieder, with one fresh password, which is returned.

    Only the access team and the aanbieder send, in their own name.
    """
    password = secrets.token_urlsafe(12)
    for name, roles in DEMO_ACCOUNTS:
        await maak_account(wereld, name, password, roles, None, frozenset())
    first = await wereld.pool.fetchval("select min(code) from gemeente where vervallen_op is null and geldig_tot is null")
    if first is not None:
        await maak_account(wereld, TOEGANG_ACCOUNT, password, {Rol.TOEGANG, Rol.INZAGE}, [first], [gemeente(first)])
    agb = await wereld.pool.fetchval(_EERSTE_AANBIEDER)
    if agb is not None:
        await maak_account(wereld, AANBIEDER_ACCOUNT, password, {Rol.AANBIEDER}, [], [aanbieder(agb)])
    return password


_EERSTE_AANBIEDER = "select min(c.agb) from contract c join aanbieder a using (agb) where c.vervallen_op is null and a.vervallen_op is null"


async def send_all(wereld: Wereld, sendings: list[Zending], url: str) -> list[Uitkomst]:
    """Send everything over HTTP, each partij with its own token; a file that names no sender goes with the token of the first aanbieder."""
    partijen = sorted({sending.van for sending in sendings if sending.van is not None})
    tokens = {partij: await maak_token(wereld, [partij], "demo") for partij in partijen}
    nobody = next(token for partij, token in tokens.items() if partij.startswith("aanbieder:"))
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S) as client:

        async def send(sending: Zending) -> Uitkomst:
            headers = {"Authorization": f"Bearer {tokens.get(sending.van or '', nobody)}", "Content-Type": "application/xml"}
            return await send_over_http(client, sending, wait_s=0, headers=headers)

        return await send_in_lanes(sendings, send)


async def all_judged(wereld: Wereld, stop: asyncio.Event) -> None:
    """Wait until the outbox is empty, with a bar that shows how much is left."""
    with tqdm(unit="bericht", desc="beoordelen", file=sys.stderr) as bar:
        while not stop.is_set():
            waiting = await wereld.pool.fetchval("select count(*) from bericht where status = 'ontvangen'")
            done = await wereld.pool.fetchval("select count(*) from bericht where richting = 'in' and beoordeeld_op is not null")
            bar.total = waiting + done
            bar.n = done
            bar.refresh()
            if waiting == 0:
                return
            await asyncio.sleep(SETTLE_POLL_S)
    raise DomainError("de demo is onderbroken voordat alles was beoordeeld")

"""What the benchmarks of small berichten share: a region of eight aanbieders, and for each client a 301, its 305 and its 307.

Each aanbieder is a lane; within a lane the berichten are in the order in which they must be judged. Persons are fictitious (test-Bsns).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.adapters.wereld import Wereld
from app.commands.bench_case import AGB, CATEGORIE, CODE, GEMEENTE, REGION, valid_bsns
from app.domain.bericht import Bericht
from app.domain.partij import SYSTEEM, aanbieder, gemeente
from app.domain.toewijzing import Product
from app.identity import maak_token
from app.parties import laad_regio
from app.standard.writing import write
from benchmarks.verzender import Verzender
from tests.builders import KORTE_NAAM, make_301, make_305, make_307, make_client, make_start, make_stop, make_toegewezen_product

LANES = 8
ACCEPTED = 202
AGBS = tuple(str(int(AGB) + lane) for lane in range(LANES))
PRODUCT = Product(categorie=CATEGORIE, code=CODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Klein:
    """A small bericht as bytes, and the partij that sends it."""

    van: str
    data: bytes


def make_lanes(clients: int, *, first: int = 0) -> list[list[Klein]]:
    """The berichten of so many clients in each lane; `first` is the number of the first client, so that two calls do not overlap."""
    bsns = valid_bsns()
    return [
        [
            klein
            for client in range(first, first + clients)
            for klein in _of_client(agb, lane * 1_000_000 + client + 1, bsns[(lane * 1000 + client) % len(bsns)])
        ]
        for lane, agb in enumerate(AGBS)
    ]


def _of_client(agb: str, nummer: int, bsn: str) -> list[Klein]:
    product = make_toegewezen_product(toewijzing_nummer=nummer, product=PRODUCT)
    start = make_start(toewijzing_nummer=nummer, product=PRODUCT)
    stop = make_stop(toewijzing_nummer=nummer, product=PRODUCT)
    short = {"contactgegevens": (), "naam": KORTE_NAAM}
    berichten = (
        make_301(client=make_client(bsn=bsn, toegewezen_producten=(product,)), **_header("T", nummer, GEMEENTE, agb)),
        make_305(client=make_client(bsn=bsn, start_producten=(start,), **short), **_header("S", nummer, agb, GEMEENTE)),
        make_307(client=make_client(bsn=bsn, stop_producten=(stop,), **short), **_header("E", nummer, agb, GEMEENTE)),
    )
    return [Klein(van=_sender(bericht), data=write(bericht)) for bericht in berichten]


def _header(letter: str, nummer: int, afzender: str, ontvanger: str) -> dict[str, Any]:
    return {"identificatie": f"{letter}{nummer}", "afzender": afzender, "ontvanger": ontvanger}


def _sender(bericht: Bericht) -> str:
    code = bericht.header.afzender
    return gemeente(code) if bericht.soort == "301" else aanbieder(code)


async def load_region(wereld: Wereld, folder: Path) -> None:
    """A region in which every lane has an aanbieder with a contract."""
    files = dict(REGION)
    files["aanbieders.csv"] = "agb,naam,contractpartner_agb\n" + "".join(f"{agb},Aanbieder {agb},\n" for agb in AGBS)
    await asyncio.to_thread(_write, folder, files)
    await laad_regio(wereld.pool, folder, nu=wereld.nu, actor=SYSTEEM)


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


async def make_tokens(wereld: Wereld) -> dict[str, str]:
    """A token for every partij that sends."""
    return {partij: await maak_token(wereld, [partij], "benchmark") for partij in (gemeente(GEMEENTE), *map(aanbieder, AGBS))}


async def send(url: str, lanes: Sequence[Sequence[Klein]], tokens: Mapping[str, str]) -> None:
    """Send everything over HTTP, lanes beside each other on a connection each, and each in order."""

    async def send_lane(lane: Sequence[Klein]) -> None:
        async with Verzender(url) as verzender:
            for klein in lane:
                status = await verzender.post(klein.data, tokens.get(klein.van, "-"))
                if status != ACCEPTED:
                    raise SystemExit(f"the measurement is not valid: the door answers {status}")

    await asyncio.gather(*(send_lane(lane) for lane in lanes))


async def all_judged(wereld: Wereld, *, timeout_s: float = 300.0) -> None:
    """Wait until every bericht has an outcome, and make sure that every one was accepted."""
    async with asyncio.timeout(timeout_s):
        while await wereld.pool.fetchval("select exists (select from bericht where status = 'ontvangen')"):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)
    rows = await wereld.pool.fetch("select soort, status, count(*) from bericht where richting = 'in' group by soort, status")
    wrong = [tuple(row) for row in rows if row["status"] != ("klaar" if row["soort"] == "301" else "verwerkt")]
    if wrong:
        raise SystemExit(f"the measurement is not valid, these were not accepted: {wrong}")

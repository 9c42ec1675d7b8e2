"""Sets, not rows: how many statements judging sends to the database depends on the kind of bericht, never on how much is in it or in the lot.

Counted is everything that `verwerk_baan` sends on whichever connection, BEGIN, COMMIT, the lock of the lane and COPY included. A bericht of one
product, start or prestatie is compared with one of twenty and with a lot of thirty; all of them are accepted, so that all of it is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg.connection
import pytest

from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Client
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.levering import StartProduct, StopProduct
from app.domain.oordeel import Niveau, Oordeel, Verdict
from app.domain.toewijzing import ToegewezenProduct
from app.judging import verwerk_baan
from app.standard.answering import antwoord
from tests.builders import (
    AGB,
    KORTE_NAAM,
    VANDAAG,
    make_301,
    make_305,
    make_307,
    make_315,
    make_317,
    make_319,
    make_323,
    make_aangevraagd_product,
    make_client,
    make_credit,
    make_declaratie,
    make_month,
    make_prestatie,
    make_retour,
    make_start,
    make_stop,
    make_te_wijzigen,
    make_toegewezen_product,
    make_verzoek,
)
from tests.end_to_end.werkbank import status, stuur, wereld_with_region
from tests.end_to_end.werklast import maak_bsn

pytestmark = pytest.mark.slow

VEEL, LOT = 20, 30
ACCEPTED = {"verwerkt", "klaar"}


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Every statement that any connection sends meanwhile: prepared, simple (BEGIN, COMMIT), many at once, or COPY."""
    connection = asyncpg.connection.Connection
    simple, prepared, many, copy = connection.execute, connection._execute, connection._executemany, connection._copy_in
    seen: list[str] = []

    async def execute(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        if not args:  # With arguments it is prepared, and counted there.
            seen.append(query)
        return await simple(self, query, *args, **kwargs)

    async def _execute(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        seen.append(query)
        return await prepared(self, query, *args, **kwargs)

    async def _executemany(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        seen.append(query)
        return await many(self, query, *args, **kwargs)

    async def _copy_in(self: Any, copy_stmt: str, *args: Any, **kwargs: Any) -> Any:
        seen.append(copy_stmt)
        return await copy(self, copy_stmt, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        for name, counting in (("execute", execute), ("_execute", _execute), ("_executemany", _executemany), ("_copy_in", _copy_in)):
            patch.setattr(connection, name, counting)
        yield seen


class Wijk:
    """Berichten about one client with so many products, a month each from `jaar` on; `nummer` keeps them and their numbers apart."""

    def __init__(self, nummer: int, products: int, *, jaar: int = 2024) -> None:
        self.nummer, self.products, self.jaar = nummer, products, jaar
        self.bsn = maak_bsn(nummer)
        self._nummers = [nummer * 100 + index for index in range(1, products + 1)]

    def toewijzing(self) -> Bericht:
        """A 301 with a product per month."""
        client = make_client(bsn=self.bsn, toegewezen_producten=tuple(self._toegewezen(index) for index in range(self.products)))
        return make_301(client=client, **self._kop("A"))

    def start(self) -> Bericht:
        return make_305(client=self._client(start_producten=tuple(self._start(index) for index in range(self.products))), **self._kop("B"))

    def stop(self) -> Bericht:
        return make_307(client=self._client(stop_producten=tuple(self._stop(index) for index in range(self.products))), **self._kop("C"))

    def aanvraag(self) -> Bericht:
        asked = tuple(
            make_aangevraagd_product(
                self._referentie("V", index),
                toewijzing_ingangsdatum=self._maand(index),
                toewijzing_einddatum=self._maand(index) + timedelta(days=20),
            )
            for index in range(self.products)
        )
        return make_315(client=self._client(aangevraagde_producten=asked), **self._kop("D"))

    def wijziging(self) -> Bericht:
        changes = tuple(
            make_te_wijzigen(
                toewijzing_nummer=nummer,
                gewenste_ingangsdatum=self._maand(index) + timedelta(days=10),
                einddatum=self._maand(index) + timedelta(days=20),
            )
            for index, nummer in enumerate(self._nummers)
        )
        return make_317(make_verzoek(self._referentie("W", 0), te_wijzigen_producten=changes), bsn=self.bsn, **self._kop("E"))

    def onderzoek(self) -> Bericht:
        """The 319 on the first product of `aanvraag`."""
        return make_319(self._referentie("V", 0), **self._kop("F"))

    def declaratie(self) -> Bericht:
        return self.gedeclareerd("G", [self._prestatie(index) for index in range(self.products)])

    def creditering(self) -> Bericht:
        """Undoes `declaratie` and claims one hour less."""
        debits = [self._prestatie(index) for index in range(self.products)]
        credits_ = [make_credit(f"C{self.nummer}X{index}", debit) for index, debit in enumerate(debits)]
        again = [
            make_prestatie(
                f"D{self.nummer}X{index}", geleverd_volume=1, periode=debit.product_periode, toewijzing_nummer=debit.toewijzing_nummer
            )
            for index, debit in enumerate(debits)
        ]
        return self.gedeclareerd("H", [*credits_, *again])

    def gedeclareerd(self, naam: str, prestaties: Sequence[Prestatie]) -> Bericht:
        """A 323 of these prestaties."""
        client = DeclaratieClient(bsn=self.bsn, prestaties=tuple(prestaties))
        declaratie = make_declaratie([client], declaratie_nummer=f"{naam}{self.nummer}", declaratie_periode=make_month(2026, 5))
        return make_323(declaratie=declaratie, **self._kop(naam))

    def _kop(self, naam: str) -> dict[str, Any]:
        return {"identificatie": f"{naam}{self.nummer}"}

    def _client(self, **products: Any) -> Client:
        return make_client(bsn=self.bsn, contactgegevens=(), naam=KORTE_NAAM, **products)

    def _referentie(self, naam: str, index: int) -> str:
        return f"{naam}{self.nummer}X{index}"

    def _toegewezen(self, index: int) -> ToegewezenProduct:
        return make_toegewezen_product(
            toewijzing_nummer=self._nummers[index], ingangsdatum=self._maand(index), einddatum=self._maand(index) + timedelta(days=25)
        )

    def _start(self, index: int) -> StartProduct:
        begin = self._maand(index)
        return make_start(toewijzing_nummer=self._nummers[index], toewijzing_ingangsdatum=begin, begindatum=begin)

    def _stop(self, index: int) -> StopProduct:
        begin = self._maand(index)
        return make_stop(
            toewijzing_nummer=self._nummers[index], toewijzing_ingangsdatum=begin, begindatum=begin, einddatum=begin + timedelta(days=2)
        )

    def _prestatie(self, index: int) -> Prestatie:
        begin = self._maand(index)
        month = make_month(begin.year, begin.month)
        return make_prestatie(
            f"P{self.nummer}X{index}",
            toewijzing_nummer=self._nummers[index],
            geleverd_volume=2,
            periode=replace(month, einddatum=begin + timedelta(days=25)),
        )

    def _maand(self, index: int) -> date:
        """The first day of the so-manieth month."""
        return date(self.jaar + index // 12, index % 12 + 1, 1)

    def afwijzing(self) -> Bericht:
        """The 302 that rejects every product of `toewijzing`."""
        paden = (f"/Bericht/Client/ToegewezenProducten/ToegewezenProduct[{index}]" for index in range(1, self.products + 1))
        oordeel = Oordeel(
            bericht=self.toewijzing(), verdict=Verdict.AFGEKEURD, niveau=Niveau.KLASSE, retourcodes=dict.fromkeys(paden, ("9332",))
        )
        return antwoord(oordeel, identificatie=f"R{self.nummer}", dagtekening=VANDAAG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geval:
    """A kind of bericht: what comes before it, itself, and how many statements judging one of it sends at most.

    `statements_max` is what was measured; whoever raises it decides that every bericht of the kind costs more.
    """

    naam: str
    eerder: tuple[Callable[[Wijk], Bericht], ...] = ()
    bericht: Callable[[Wijk], Bericht]
    statements_max: int
    jaar: int = 2024
    kan_groter: bool = True

    def wijk(self, nummer: int, products: int = 1) -> Wijk:
        """A client of this kind."""
        return Wijk(nummer, products if self.kan_groter else 1, jaar=self.jaar)


def _retour(heen: Callable[[Wijk], Bericht], *codes: str) -> Callable[[Wijk], Bericht]:
    return lambda wijk: make_retour(heen(wijk), *codes)


GEVALLEN = [
    Geval(naam="301", bericht=Wijk.toewijzing, statements_max=25),
    Geval(naam="302 accepts", eerder=(Wijk.toewijzing,), bericht=_retour(Wijk.toewijzing), statements_max=14, kan_groter=False),
    Geval(naam="302 rejects", eerder=(Wijk.toewijzing,), bericht=Wijk.afwijzing, statements_max=27),
    Geval(naam="305", eerder=(Wijk.toewijzing,), bericht=Wijk.start, statements_max=23),
    Geval(naam="307", eerder=(Wijk.toewijzing, Wijk.start), bericht=Wijk.stop, statements_max=23),
    Geval(naam="315", bericht=Wijk.aanvraag, statements_max=23, jaar=2030),
    Geval(naam="317", eerder=(Wijk.toewijzing,), bericht=Wijk.wijziging, statements_max=24, jaar=2030),
    Geval(naam="319", eerder=(Wijk.aanvraag,), bericht=Wijk.onderzoek, statements_max=21, jaar=2030, kan_groter=False),
    Geval(
        naam="320",
        eerder=(Wijk.aanvraag, Wijk.onderzoek),
        bericht=_retour(Wijk.onderzoek, "9355"),
        statements_max=18,
        jaar=2030,
        kan_groter=False,
    ),
    Geval(naam="323", eerder=(Wijk.toewijzing,), bericht=Wijk.declaratie, statements_max=26),
    Geval(naam="323 with credits", eerder=(Wijk.toewijzing, Wijk.declaratie), bericht=Wijk.creditering, statements_max=27),
]


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A small region, in which nothing was sent yet."""
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened


async def statements(wereld: Wereld, geval: Geval, wijken: Sequence[Wijk]) -> Counter[str]:
    """What judging one lot of these sends, after everything that comes before it was judged."""
    for earlier in geval.eerder:
        for wijk in wijken:
            await stuur(wereld, earlier(wijk))
        while await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50):
            pass
    nrs = [await stuur(wereld, geval.bericht(wijk)) for wijk in wijken]
    with counted_statements() as seen:
        judged = await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50)

    assert judged == len(wijken)
    assert {await status(wereld, nr) for nr in nrs} <= ACCEPTED
    return Counter(seen)


@pytest.mark.parametrize("geval", GEVALLEN, ids=lambda geval: geval.naam)
async def test_judging_sends_as_many_statements_whatever_the_size(wereld: Wereld, geval: Geval) -> None:
    """One small bericht, one of twenty parts, and a lot of thirty berichten cost the same."""
    await statements(wereld, geval, [geval.wijk(100)])  # What a connection asks once it has asked now.

    small = await statements(wereld, geval, [geval.wijk(1)])
    big = await statements(wereld, geval, [geval.wijk(2, VEEL)])
    lot = await statements(wereld, geval, [geval.wijk(nummer) for nummer in range(3, 3 + LOT)])

    assert big == small
    assert lot == small
    assert 10 < small.total() <= geval.statements_max


async def test_findings_are_stored_as_a_set_too(wereld: Wereld) -> None:
    """Three hundred refused lines cost what one costs."""
    counts = []
    for nummer, lines in ((1, 1), (2, 1), (3, 300)):
        wijk = Wijk(nummer, 1)
        prestaties = [make_prestatie(f"X{nummer}X{line}", toewijzing_nummer=90_000 + line) for line in range(lines)]
        for bericht in (wijk.toewijzing(), wijk.gedeclareerd("I", prestaties)):
            nr = await stuur(wereld, bericht)
            with counted_statements() as seen:
                await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50)
        assert await status(wereld, nr) == "afgekeurd"
        assert await wereld.pool.fetchval("select count(*) from bevinding where bericht_nr = $1", nr) >= lines
        counts.append(Counter(seen))

    assert counts[2] == counts[1]

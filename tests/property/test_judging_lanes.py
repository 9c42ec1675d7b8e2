"""Lanes commute, and whatever is delivered twice counts once: verdicts and books follow from the order within each lane alone (DESIGN section 4).

`tests/end_to_end/test_transporten.py` shows it for one workload on every transport; here the courses are drawn at random, hold every kind of
bericht, and are interleaved and judged in another way each time. Numbers that must be unique across lanes are shown to have one winner.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from app.adapters.database import Connection
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Domein
from app.domain.errors import Conflict
from app.domain.partij import SYSTEEM
from app.domain.snapshot import Snapshot
from app.judging import opnieuw, service, verwerk_baan
from app.standard.writing import write
from tests.builders import GEMEENTE, make_301, make_client, make_toegewezen_product
from tests.end_to_end.werkbank import Boeken, boeken, klopt, retourcodes, status, stuur, wereld_with_region
from tests.end_to_end.werklast import BANEN, JEUGD_PRODUCT, REGIO_MET_MEER_AANBIEDERS, WMO_PRODUCT, Baan, dooreen
from tests.fixtures.database import copy_of_template
from tests.property.verlopen import ANDERE_GEMEENTE, alles_beoordeeld, bsn_van, verloop
from workers.local import judge_all

pytestmark = pytest.mark.slow

VIER_BANEN = (BANEN[0], BANEN[1], BANEN[4], BANEN[5])
"""Two aanbieders in two domeinen."""
LENGTE = 22
Golf = Mapping[Baan, Sequence[Bericht]]


class Proeftuin(NamedTuple):
    """Makes worlds with the region of the workload, each on a database of its own."""

    server: str
    template: str
    folder: Path

    @asynccontextmanager
    async def wereld(self, naam: str) -> AsyncIterator[Wereld]:
        """A world in which nothing happened yet."""
        with copy_of_template(self.server, self.template) as dsn:
            async with wereld_with_region(dsn, self.folder / naam, REGIO_MET_MEER_AANBIEDERS) as opened:
                yield opened


@pytest.fixture
def proeftuin(postgres_server: str, template_database: str, tmp_path: Path) -> Proeftuin:
    """Databases are copied from the template, so each judging of a course starts with nothing."""
    return Proeftuin(postgres_server, template_database, tmp_path)


def courses(seed: int) -> dict[Baan, list[Bericht]]:
    """A course for each lane; numbers that must be unique across lanes are."""
    return {baan: verloop(seed, LENGTE, baan, retour=True) for baan in VIER_BANEN}


async def lane_by_lane(wereld: Wereld, golf: Golf) -> Boeken:
    """The first lane to its end, then the next: as if no other existed."""
    for baan, berichten in golf.items():
        for bericht in berichten:
            await stuur(wereld, bericht)
        while await verwerk_baan(wereld, baan.domein, baan.agb, lot_size_max=50):
            pass
    await alles_beoordeeld(wereld)
    return await boeken(wereld)


async def at_random(wereld: Wereld, golf: dict[Baan, list[Bericht]], seed: int) -> Boeken:
    """Lanes interleaved at the door, and judged in between: one lane at a time or several at once, in lots of any size."""
    chance = random.Random(seed)
    for bericht in dooreen(golf, seed):
        await stuur(wereld, bericht)
        if chance.random() < 0.2:
            woken = chance.choices(list(golf), k=chance.randint(1, 3))  # The same lane twice now and then: a wake-up too many.
            size = chance.choice((1, 2, 7, 50))
            await asyncio.gather(*(verwerk_baan(wereld, baan.domein, baan.agb, lot_size_max=size) for baan in woken))
    await judge_all(wereld, lot_size_max=chance.choice((1, 7, 50)))
    await alles_beoordeeld(wereld)
    return await boeken(wereld)


@pytest.mark.parametrize("seed", [1, 2])
async def test_lanes_commute(proeftuin: Proeftuin, seed: int) -> None:
    """Two interleavings of four lanes give the verdicts and books of judging lane by lane."""
    async with proeftuin.wereld("rustig") as wereld:
        alone = await lane_by_lane(wereld, courses(seed))

    for attempt in range(2):
        async with proeftuin.wereld(f"dooreen{attempt}") as wereld:
            assert await at_random(wereld, courses(seed), 100 * seed + attempt) == alone

    statuses = {oordeel[0] for oordeel in alone.oordelen.values()}
    assert statuses >= {"verwerkt", "afgekeurd", "klaar", "beantwoord"}
    assert len(alone.boekingen) > 5
    assert len(alone.oordelen) > 60


@pytest.mark.parametrize("seed", [3, 4])
async def test_what_is_delivered_twice_counts_once(proeftuin: Proeftuin, seed: int) -> None:
    """Bytes that come again while they wait, or when they count, are known at the door; a wake-up too many finds nothing; a replay is refused."""
    golf = courses(seed)
    async with proeftuin.wereld("rustig") as wereld:
        once = await lane_by_lane(wereld, golf)

    async with proeftuin.wereld("dubbel") as wereld:
        chance = random.Random(seed)
        numbers: list[int] = []
        for bericht in dooreen(golf, seed):
            first, *again = [await stuur(wereld, bericht) for _ in range(chance.randint(1, 3))]
            assert set(again) <= {first}
            numbers.append(first)
            if chance.random() < 0.1:
                await wake_all(wereld, golf)
        await wake_all(wereld, golf)
        before = await boeken(wereld)
        await send_again_what_counts(wereld, golf)
        for nr in numbers:
            if await status(wereld, nr) != "geparkeerd":
                with pytest.raises(Conflict):
                    await opnieuw(wereld, SYSTEEM, nr)
        await wake_all(wereld, golf)

        assert await boeken(wereld) == before == once


async def wake_all(wereld: Wereld, golf: Golf) -> None:
    """Every lane twice at the same time, until nothing is left; more at once than connections would wait for each other."""
    while any(await asyncio.gather(*(verwerk_baan(wereld, baan.domein, baan.agb, lot_size_max=5) for baan in golf for _ in range(2)))):
        pass


async def send_again_what_counts(wereld: Wereld, golf: Golf) -> None:
    """All bytes that count as sent, in the opposite order; none of them is taken for new."""
    counting = {row["sha256"] for row in await wereld.pool.fetch("select sha256 from bericht where richting = 'in' and telt is not false")}
    known = await wereld.pool.fetchval("select count(*) from bericht")
    sent = 0
    for bericht in reversed([bericht for berichten in golf.values() for bericht in berichten]):
        data = write(bericht)
        if hashlib.sha256(data).digest() in counting:
            await stuur(wereld, bericht)
            sent += 1

    assert sent == len(counting)
    assert await wereld.pool.fetchval("select count(*) from bericht") == known


class Botsing(NamedTuple):
    """The same number used in two lanes: what of the 301s is the same, and the code that the loser gets."""

    naam: str
    retourcode: str
    banen: tuple[Baan, Baan]
    gemeenten: tuple[str, str] = (GEMEENTE, GEMEENTE)
    wint_een: bool = True

    @property
    def id(self) -> str:
        """What a test is called by."""
        return f"{self.naam}-{'-'.join(dict.fromkeys(self.gemeenten))}-{'-'.join(dict.fromkeys(baan.domein for baan in self.banen))}"

    def berichten(self, aantal: int) -> Iterator[tuple[Bericht, Bericht]]:
        """Pairs of 301s, one for each lane, that use the same number; what is not the same differs."""
        for volgnr in range(aantal):
            first, second = (self._toewijzing(volgnr, place) for place in (0, 1))
            yield first, second

    def _toewijzing(self, volgnr: int, place: int) -> Bericht:
        baan = self.banen[place]
        own = f"{volgnr}P{place}"
        nummer, identificatie = (700 + volgnr, f"G{own}") if self.naam == "TR332" else (700 + volgnr + 100 * place, f"G{volgnr}")
        product = make_toegewezen_product(toewijzing_nummer=nummer, product=JEUGD_PRODUCT if baan.domein == "ijw" else WMO_PRODUCT)
        client = make_client(bsn=bsn_van(volgnr * 2 + place), toegewezen_producten=(product,))
        return make_301(client=client, domein=baan.domein, afzender=self.gemeenten[place], ontvanger=baan.agb, identificatie=identificatie)


TWEE_AANBIEDERS = (BANEN[0], BANEN[1])
TWEE_DOMEINEN = (BANEN[0], BANEN[4])
BOTSINGEN = [
    Botsing("TR332", "9332", TWEE_AANBIEDERS),
    Botsing("TR056", "9056", TWEE_AANBIEDERS),
    Botsing("TR332", "9332", TWEE_AANBIEDERS, gemeenten=(GEMEENTE, ANDERE_GEMEENTE), wint_een=False),
    Botsing("TR056", "9056", TWEE_AANBIEDERS, gemeenten=(GEMEENTE, ANDERE_GEMEENTE), wint_een=False),
    Botsing("TR332", "9332", TWEE_DOMEINEN, wint_een=False),
    Botsing("TR056", "9056", TWEE_DOMEINEN, wint_een=False),
]


@pytest.mark.parametrize(
    ("botsing", "at_once"),
    [*((botsing, True) for botsing in BOTSINGEN), *((botsing, False) for botsing in BOTSINGEN if botsing.wint_een)],
    ids=lambda value: value.id if isinstance(value, Botsing) else "at-once" if value else "in-turn",
)
async def test_of_a_number_that_is_unique_across_lanes_one_lane_wins(
    proeftuin: Proeftuin, monkeypatch: pytest.MonkeyPatch, botsing: Botsing, at_once: bool
) -> None:
    """Whoever has it first keeps it, and the other gets the code of the rule; another gemeente or domein has numbers of its own."""
    async with proeftuin.wereld("botsing") as wereld:
        pairs = [[await stuur(wereld, bericht) for bericht in pair] for pair in botsing.berichten(6)]
        if at_once:
            _let_lanes_load_together(monkeypatch)
            await asyncio.gather(*(verwerk_baan(wereld, baan.domein, baan.agb, lot_size_max=50) for baan in botsing.banen))
        chance = random.Random(botsing.id)
        while waiting := await waiting_lanes(wereld, botsing.banen):
            baan = chance.choice(waiting)
            await verwerk_baan(wereld, baan.domein, baan.agb, lot_size_max=chance.choice((1, 2, 3)))
        await klopt(wereld)

        loser: tuple[str, set[str]] = ("afgekeurd", {botsing.retourcode}) if botsing.wint_een else ("klaar", set())
        for pair in pairs:
            outcomes = sorted([(await status(wereld, nr), await retourcodes(wereld, nr)) for nr in pair], key=lambda each: each[0])
            assert outcomes == [loser, ("klaar", set())]


def _let_lanes_load_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lanes have both loaded their past before either judges: neither sees in it what the other is about to claim."""
    load_snapshot, both, loaded = service.load_snapshot, asyncio.Barrier(2), set[str]()

    async def load(
        connection: Connection, wereld: Wereld, domein: Domein, agb: str, berichten: Sequence[Bericht], *, before: int
    ) -> Snapshot:
        snapshot = await load_snapshot(connection, wereld, domein, agb, berichten, before=before)
        if f"{domein}:{agb}" not in loaded:
            loaded.add(f"{domein}:{agb}")
            await both.wait()
        return snapshot

    monkeypatch.setattr(service, "load_snapshot", load)


async def waiting_lanes(wereld: Wereld, banen: Sequence[Baan]) -> list[Baan]:
    """The lanes in which something is not yet judged."""
    rows = await wereld.pool.fetch("select distinct domein, agb from bericht where status = 'ontvangen'")
    return [baan for baan in banen if (baan.domein, baan.agb) in {(row["domein"], row["agb"]) for row in rows}]

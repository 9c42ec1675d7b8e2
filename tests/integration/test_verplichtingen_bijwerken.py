"""Commitments follow the region: after a load, at the start of a year, resumed when it failed; and what would be released is shown first."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.adapters.clock import AMSTERDAM
from app.adapters.wereld import Wereld
from app.commands.verplichtingen import maanden_terug, run
from app.domain.errors import NietToegestaan, OngeldigVerzoek, Unavailable
from app.domain.partij import SYSTEEM, Actor, Rol
from app.domain.toewijzing import Omvang
from app.judging import verwerk_baan
from app.ledger import laat_vrijvallen, toon_vrijval, verify, werk_verplichtingen_bij
from app.parties import laad_regio
from tests.builders import AGB, CATEGORIE, CODE, make_301, make_client, make_toegewezen_product
from tests.end_to_end.werkbank import REGIO, stuur, wereld_with_region, write_region
from workers.sweeper import sweep_verplichtingen

CONTROLLER = Actor(naam="contr", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
APRIL, MEI, JUNI = (date(2026, maand, 1) for maand in (4, 5, 6))


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with a region, and one toewijzing of ten hours a month from April to June at 60 euro."""
    async with wereld_with_region(database, tmp_path) as world:
        await wijs_toe(world, Omvang(volume=10, eenheid="04", frequentie="4"), einddatum=date(2026, 6, 30))
        yield world


async def wijs_toe(wereld: Wereld, omvang: Omvang, einddatum: date | None) -> None:
    """One 301, judged."""
    product = make_toegewezen_product(ingangsdatum=APRIL, einddatum=einddatum, omvang=omvang)
    await stuur(wereld, make_301(client=make_client(toegewezen_producten=(product,))))
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=1)


async def laad(wereld: Wereld, folder: Path, **files: str) -> None:
    """Load the region with other files."""
    changed = {f"{name}.csv": text for name, text in files.items()}
    await laad_regio(wereld.pool, write_region(folder, {**REGIO, **changed}), nu=wereld.nu, actor=SYSTEEM)


def duurder(cents: int = 7000) -> str:
    """The tariffs with another one for the product that is assigned."""
    return REGIO["tarieven.csv"].replace(f"J1,{CATEGORIE},{CODE},04,6000", f"J1,{CATEGORIE},{CODE},04,{cents}")


async def committed(wereld: Wereld) -> dict[date, int]:
    """What stands committed per month of care."""
    rows = await wereld.pool.fetch(
        """
        select zorgmaand, sum(bedrag_cent)::bigint as cent from rekening join saldo_delta using (rekening_nr)
         where soort = 'verplichting' group by 1 having sum(bedrag_cent) <> 0
        """
    )
    return {row["zorgmaand"]: row["cent"] for row in rows}


async def bookings(wereld: Wereld) -> int:
    """How many transfers there are."""
    count: int = await wereld.pool.fetchval("select count(*) from boeking")
    return count


async def verified(wereld: Wereld) -> None:
    """Nothing contradicts the books."""
    assert [each for each in await verify(wereld) if not each.klopt] == []


async def test_a_load_with_another_tariff_changes_commitments_once(wereld: Wereld, tmp_path: Path) -> None:
    """The act is dated today; asked again it books nothing, and a load that changes nothing that matters does not even look."""
    await laad(wereld, tmp_path / "duurder", tarieven=duurder())

    made = await werk_verplichtingen_bij(wereld)
    after = await bookings(wereld)
    again = await werk_verplichtingen_bij(wereld)
    await laad(wereld, tmp_path / "budget", tarieven=duurder(), budgetten="gemeente,jaar,zorgvorm,bedrag_cent,bron\n0664,2026,,100,raad\n")
    unmoved = await werk_verplichtingen_bij(wereld)
    acts = await wereld.pool.fetchval("select count(*) from handeling where soort = 'verplichtingen_bijgewerkt'")

    assert len(made) == 1
    assert (again, unmoved, await bookings(wereld)) == ([], [], after)
    assert await committed(wereld) == dict.fromkeys((APRIL, MEI, JUNI), 70_000)
    assert acts == 1
    await verified(wereld)


async def test_a_load_that_leaves_prices_alone_books_nothing(wereld: Wereld, tmp_path: Path) -> None:
    """Every lane is looked at, none changes, and no row of a commitment is written anew."""
    before = await bookings(wereld), await wereld.pool.fetchval("select array_agg(ctid::text) from verplichting")
    await laad(wereld, tmp_path / "ander", aanbieders=REGIO["aanbieders.csv"].replace("Het Anker", "Het Anker BV"))

    made = await werk_verplichtingen_bij(wereld)

    assert made == []
    assert (await bookings(wereld), await wereld.pool.fetchval("select array_agg(ctid::text) from verplichting")) == before


async def test_what_failed_half_way_is_resumed(wereld: Wereld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The world goes away in the middle: the sweep says so, nothing claims to be done, and the next round does it."""
    await laad(wereld, tmp_path / "duurder", tarieven=duurder())

    async def away(*_args: Any, **_kwargs: Any) -> int:
        raise Unavailable("de database is weg")

    monkeypatch.setattr("app.ledger.service_bijwerken.herreken_baan", away)
    await sweep_verplichtingen(wereld)
    stuck = await committed(wereld)
    monkeypatch.undo()
    await sweep_verplichtingen(wereld)

    assert stuck == dict.fromkeys((APRIL, MEI, JUNI), 60_000)
    assert await committed(wereld) == dict.fromkeys((APRIL, MEI, JUNI), 70_000)


async def test_one_process_at_a_time_has_the_turn(wereld: Wereld, tmp_path: Path) -> None:
    """Who comes second goes away at once, and waits for nothing."""
    await laad(wereld, tmp_path / "duurder", tarieven=duurder())

    async with wereld.pool.acquire() as other, other.transaction():
        await other.execute("select pg_advisory_xact_lock(hashtextextended('solidair verplichtingen bijwerken', 0))")
        assert await werk_verplichtingen_bij(wereld) == []

    assert len(await werk_verplichtingen_bij(wereld)) == 1


async def test_one_connection_is_enough(wereld: Wereld, tmp_path: Path) -> None:
    """Judging holds connections while it waits for one more; if this did the same, the pool could be empty for ever."""
    await laad(wereld, tmp_path / "duurder", tarieven=duurder())
    async with AsyncExitStack() as others:
        for _ in range(wereld.pool.get_max_size() - 1):
            await others.enter_async_context(wereld.pool.acquire())

        async with asyncio.timeout(20):
            made = await werk_verplichtingen_bij(wereld)

    assert len(made) == 1


async def test_at_the_start_of_a_year_open_toewijzingen_commit_to_its_end(database: str, tmp_path: Path) -> None:
    """Ten hours a month without Einddatum: the whole of 2027, its last month too, and nothing more when it is worked out again."""
    async with wereld_with_region(database, tmp_path) as world:
        await wijs_toe(world, Omvang(volume=10, eenheid="04", frequentie="4"), einddatum=None)
        await werk_verplichtingen_bij(world)
        old = await committed(world)
        nieuwjaar = replace(world, clock=lambda: datetime(2027, 1, 1, 0, 5, tzinfo=AMSTERDAM))

        made = await werk_verplichtingen_bij(nieuwjaar)
        await laad(nieuwjaar, tmp_path / "ander", aanbieders=REGIO["aanbieders.csv"].replace("Het Anker", "Het Anker BV"))
        again = await werk_verplichtingen_bij(nieuwjaar)

        found = await committed(nieuwjaar)
        assert max(old) == date(2026, 12, 1)
        assert len(made) == 1
        assert again == []
        assert {maand: cents for maand, cents in found.items() if maand.year == 2026} == old
        assert found[date(2027, 12, 1)] == 60_000
        assert max(found) == date(2027, 12, 1)
        await verified(nieuwjaar)


async def test_releasing_is_shown_first_and_does_what_was_shown(wereld: Wereld) -> None:
    """April and May of one gemeente; showing changes nothing, releasing books exactly that, and then there is nothing left to show."""
    before = await bookings(wereld)

    shown = await toon_vrijval(wereld, CONTROLLER, voor=JUNI)
    unchanged = await bookings(wereld)
    await laat_vrijvallen(wereld, CONTROLLER, voor=JUNI, reden="oud")

    assert [(each.agb, each.eerste_maand, each.laatste_maand, each.bedrag_cent) for each in shown] == [(AGB, APRIL, MEI, 120_000)]
    assert unchanged == before
    assert await committed(wereld) == {JUNI: 60_000}
    assert await toon_vrijval(wereld, CONTROLLER, voor=JUNI) == []
    await verified(wereld)


async def test_releasing_is_for_a_controller_and_for_months_that_began(wereld: Wereld) -> None:
    """Not for others, not for a day within a month, not for what lies ahead."""
    other = Actor(naam="toegang", gemeenten=None, rollen=frozenset({Rol.TOEGANG}))
    with pytest.raises(NietToegestaan):
        await toon_vrijval(wereld, other, voor=MEI)
    for voor in (date(2026, 5, 2), date(2026, 7, 1)):
        with pytest.raises(OngeldigVerzoek):
            await toon_vrijval(wereld, CONTROLLER, voor=voor)
        with pytest.raises(OngeldigVerzoek):
            await laat_vrijvallen(wereld, CONTROLLER, voor=voor, reden="x")


def test_months_back_are_counted_over_the_year() -> None:
    """Twelve months before any day of June is the first of June a year earlier."""
    assert maanden_terug(date(2026, 6, 30), 12) == date(2025, 6, 1)
    assert maanden_terug(date(2026, 1, 31), 1) == date(2025, 12, 1)


@pytest.mark.parametrize(("vrijval", "toon"), [(None, True), (0, False), (121, False)])
def test_the_command_refuses_what_means_nothing(vrijval: int | None, toon: bool) -> None:
    """Before any database is opened."""
    with pytest.raises(OngeldigVerzoek):
        run(argparse.Namespace(vrijval=vrijval, toon=toon, as_json=False))

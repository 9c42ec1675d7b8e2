"""Judging again after the region was corrected late: the books end as if it had been right from the start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.errors import Conflict
from app.domain.toewijzing import Omvang
from app.judging import verwerk_baan
from app.judging.service_herbeoordelen import Keuze, reken_door, reken_opnieuw_door, voer_uit
from tests.builders import (
    AGB,
    ANDERE_BSN,
    BSN,
    GEMEENTE,
    make_301,
    make_323,
    make_client,
    make_credit,
    make_declaratie,
    make_month,
    make_prestatie,
    make_retour,
    make_toegewezen_product,
)
from tests.end_to_end.herbeoordeling import CONTRACTBEHEER, Netto, herbeoordeel_alles, laad, netto, oordelen, regio
from tests.end_to_end.werkbank import antwoord_op, klopt, stuur, wereld_with_region
from tests.fixtures.database import copy_of_template

TE_LAAG = regio("04,6000,2020-01-01,")
GOED = regio("04,6000,2020-01-01,2026-02-28", "04,6500,2026-03-01,")
"""The tariff of 1 March was entered three months late: 60,00 stood where 65,00 had been agreed."""


@pytest.fixture
def tweede_database(postgres_server: str, template_database: str) -> Iterator[str]:
    """Another database, for the world in which the region was right from the start."""
    with copy_of_template(postgres_server, template_database) as dsn:
        yield dsn


def toewijzing(bsn: str, nummer: int, uren: int, tijd: str, **header: Any) -> Bericht:
    """So many hours in all; a later `tijd` is a newer version."""
    product = make_toegewezen_product(
        toewijzing_nummer=nummer, omvang=Omvang(volume=uren, eenheid="04", frequentie="6"), toewijzingstijd=tijd
    )
    return make_301(client=make_client(bsn=bsn, toegewezen_producten=(product,)), **header)


def uren(referentie: str, nummer: int, maand: int, volume: int, tarief: int) -> Prestatie:
    """A debit of so many hours in a month of 2026."""
    return make_prestatie(
        referentie, toewijzing_nummer=nummer, periode=make_month(2026, maand), geleverd_volume=volume, product_tarief=tarief
    )


def declaratie(nummer: int, maand: int, **per_client: tuple[Prestatie, ...]) -> Bericht:
    """The so-manieth declaratie; the lines of the first client as `een`, of the second as `ander`."""
    bsns = {"een": BSN, "ander": ANDERE_BSN}
    clienten = [DeclaratieClient(bsn=bsns[name], prestaties=prestaties) for name, prestaties in per_client.items()]
    return make_323(
        declaratie=make_declaratie(clienten, declaratie_nummer=f"D{nummer}", declaratie_periode=make_month(2026, maand)),
        identificatie=f"DECL{nummer}",
    )


def verloop() -> list[Bericht]:
    """Four declaraties: lines at either tariff, a credit, volume used up by others, toewijzingen that change or are withdrawn."""
    fout = uren("R2", 1002, 3, 8, 6000)
    ingetrokken = toewijzing(BSN, 1003, 20, "10:00:00", identificatie="T5")
    return [
        toewijzing(BSN, 1001, 40, "10:00:00", identificatie="T1"),
        toewijzing(ANDERE_BSN, 1002, 40, "10:00:00", identificatie="T2"),
        declaratie(1, 3, een=(uren("R1", 1001, 3, 20, 6500),), ander=(fout, uren("R0", 1002, 2, 4, 6000))),
        toewijzing(ANDERE_BSN, 1002, 30, "11:00:00", identificatie="T3"),
        declaratie(2, 4, een=(uren("R5", 1001, 4, 30, 6500),), ander=(make_credit("R3", fout), uren("R4", 1002, 4, 8, 6500))),
        toewijzing(BSN, 1001, 60, "12:00:00", identificatie="T4"),
        declaratie(3, 5, een=(uren("R6", 1001, 5, 45, 6000), uren("R7", 1001, 4, 30, 6500)), ander=(uren("R8", 1002, 5, 19, 6500),)),
        ingetrokken,
        declaratie(4, 5, een=(uren("R9", 1003, 5, 5, 7000),), ander=(uren("R10", 1002, 3, 8, 6500),)),
        make_retour(ingetrokken, "0001"),
        declaratie(5, 5, een=(uren("R11", 1003, 5, 6, 6500),)),
    ]


async def speel(wereld: Wereld, berichten: list[Bericht]) -> None:
    """Send and judge one after another, each judged before the next comes in."""
    for bericht in berichten:
        await stuur(wereld, bericht)
        while await verwerk_baan(wereld, "ijw", AGB, lot_size_max=20):
            pass


async def vanaf_het_begin(dsn: str, folder: Path) -> tuple[Netto, dict[str, tuple[bool, tuple[str, ...]]]]:
    """The same course in a region that was right from the start."""
    async with wereld_with_region(dsn, folder, GOED) as wereld:
        await speel(wereld, verloop())
        return await netto(wereld), await oordelen(wereld)


@pytest.mark.slow
async def test_after_a_correction_the_books_are_as_if_the_tariff_had_been_right(
    database: str, tweede_database: str, tmp_path: Path
) -> None:
    """A tariff of three months ago is corrected: same net books, same verdict of every line, same findings, and everything verifies."""
    async with wereld_with_region(database, tmp_path / "laat", TE_LAAG) as wereld:
        await speel(wereld, verloop())
        before = await oordelen(wereld)
        lading = await laad(wereld, tmp_path / "goed", GOED)
        await herbeoordeel_alles(wereld, lading)
        after, lines = await netto(wereld), await oordelen(wereld)
        await klopt(wereld)

    expected, right = await vanaf_het_begin(tweede_database, tmp_path / "goed_begin")
    assert lines == right
    assert after == expected
    changed = {name for name, outcome in before.items() if right[name] != outcome}
    assert {"R1", "R2", "R3", "R6", "R7"} <= changed
    assert not {"R0", "R9"} & changed
    assert right["R9"] != right["R11"], "the toewijzing was there at the time of the first, and withdrawn before the second"


@pytest.mark.slow
async def test_what_was_shown_is_what_happens_and_the_aanbieder_gets_a_new_325(database: str, tmp_path: Path) -> None:
    """The preview moves nothing; carrying out leaves every transfer of before and adds those that undo it and the new ones."""
    async with wereld_with_region(database, tmp_path / "laat", TE_LAAG) as wereld:
        await speel(wereld, verloop())
        before = await netto(wereld)
        boekingen = await wereld.pool.fetch("select * from boeking order by 1, 2, 3, 4")
        lading = await laad(wereld, tmp_path / "goed", GOED)

        nr = await reken_door(wereld, CONTRACTBEHEER, Keuze(reden="indexatie per 1 maart", lading_nr=lading))

        assert await netto(wereld) == before
        assert await wereld.pool.fetch("select * from boeking order by 1, 2, 3, 4") == boekingen
        shown = await wereld.pool.fetch("select * from herbeoordeling_regel where herbeoordeling_nr = $1 order by bericht_nr, regel", nr)
        assert await wereld.pool.fetchval("select count(*) from bericht where richting = 'uit' and soort = '325'") == 5

        await voer_uit(wereld, CONTRACTBEHEER, nr)

        later = await wereld.pool.fetch("select * from boeking where volgnr > 0 or boekdatum > $1", date(2026, 6, 2))
        assert set(map(tuple, boekingen)) <= set(map(tuple, later))
        for row in shown:
            line = await wereld.pool.fetchrow(
                "select toegekend, retour_codes from prestatie where bericht_nr = $1 and regel = $2", row["bericht_nr"], row["regel"]
            )
            assert (row["wordt_toegekend"], row["wordt_codes"]) == tuple(line)
        first = await wereld.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")
        answer = await antwoord_op(wereld, first)
        answers = await wereld.pool.fetch(
            "select identificatie, bericht_nr in (select bericht_nr from postvak) as ligt from bericht where antwoord_op_nr = $1", first
        )
        await klopt(wereld)

    assert answer.declaratie_antwoord is not None
    assert answer.declaratie_antwoord.totaal_toegekend_bedrag.cent == 20 * 6500 + 4 * 6000
    assert len({row["identificatie"] for row in answers}) == 2
    assert all(row["ligt"] for row in answers)


@pytest.mark.slow
async def test_a_lane_that_changed_meanwhile_is_refused_until_it_is_worked_out_again(database: str, tmp_path: Path) -> None:
    """Between preview and carrying out a declaratie came in of which the outcome would change too."""
    async with wereld_with_region(database, tmp_path / "laat", TE_LAAG) as wereld:
        await speel(wereld, verloop())
        lading = await laad(wereld, tmp_path / "goed", GOED)
        nr = await reken_door(wereld, CONTRACTBEHEER, Keuze(reden="indexatie", lading_nr=lading))
        await laad(wereld, tmp_path / "fout", TE_LAAG)
        before = await netto(wereld)

        with pytest.raises(Conflict, match="voorvertoning"):
            await voer_uit(wereld, CONTRACTBEHEER, nr)

        assert await netto(wereld) == before
        assert await wereld.pool.fetchval("select status from herbeoordeling_baan where herbeoordeling_nr = $1", nr) == "achterhaald"
        await reken_opnieuw_door(wereld, CONTRACTBEHEER, nr)
        await voer_uit(wereld, CONTRACTBEHEER, nr)
        assert await netto(wereld) == before
        with pytest.raises(Conflict, match="al uitgevoerd"):
            await voer_uit(wereld, CONTRACTBEHEER, nr)
        await klopt(wereld)


@pytest.mark.slow
async def test_back_and_forth_leaves_nothing_but_reversals(database: str, tmp_path: Path) -> None:
    """Corrected, taken back, corrected again: the net books follow, the transfers only grow, a credit that comes later names what stands."""
    async with wereld_with_region(database, tmp_path / "laat", TE_LAAG) as wereld:
        await speel(wereld, verloop())
        wrong = await netto(wereld)
        outcomes = []
        for index, files in enumerate((GOED, TE_LAAG, GOED)):
            lading = await laad(wereld, tmp_path / f"keer{index}", files)
            await herbeoordeel_alles(wereld, lading, nieuw_antwoord=False)
            outcomes.append(await netto(wereld))
            await klopt(wereld)
        assert outcomes[1] == wrong
        assert outcomes[0] == outcomes[2] != wrong
        assert await wereld.pool.fetchval("select count(*) from bericht where richting = 'uit' and soort = '325'") == 5

        await speel(wereld, [declaratie(6, 5, een=(make_credit("R12", uren("R1", 1001, 3, 20, 6500)),))])

        assert (await oordelen(wereld))["R12"] == (True, ())
        storno = await wereld.pool.fetchval(
            "select storno_van from boeking where soort = 'prestatie_credit' order by bericht_nr desc limit 1"
        )
        assert storno.endswith(":prestatie:2")
        await klopt(wereld)


@pytest.mark.slow
async def test_a_correction_of_deelname_or_product_books_elsewhere(database: str, tmp_path: Path) -> None:
    """The zorgvorm of the product was wrong: what was granted stays granted and is booked on the right one; the aanbieder hears nothing."""
    producten = TE_LAAG["producten.csv"].replace(",04,ambulant,", ",04,verblijf,")
    zorgvormen = TE_LAAG["zorgvormen.csv"] + "verblijf,Verblijf,ijw,zwaar\n"
    async with wereld_with_region(database, tmp_path / "laat", TE_LAAG) as wereld:
        await speel(wereld, verloop())
        before = await oordelen(wereld)
        lading = await laad(wereld, tmp_path / "goed", {**TE_LAAG, "producten.csv": producten, "zorgvormen.csv": zorgvormen})
        await herbeoordeel_alles(wereld, lading)

        assert await oordelen(wereld) == before
        saldi = (await netto(wereld)).saldi
        assert {key[3] for key in saldi} == {"verblijf"}
        assert {key[1] for key in saldi} == {GEMEENTE}
        assert await wereld.pool.fetchval("select count(*) from bericht where richting = 'uit' and soort = '325'") == 5
        await klopt(wereld)

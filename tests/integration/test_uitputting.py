"""The depletion report from the books: the worked example of the reference to the cent, and a small region by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import SYSTEEM, Actor, Rol
from app.domain.toewijzing import Omvang
from app.judging import verwerk_baan
from app.ledger import Boeking, Rekening, fold, laat_vrijvallen, open_handeling, werk_verplichtingen_bij
from app.ledger import gebeurtenissen as soorten
from app.ledger.rekeningschema import BANK, CREDITEUR, KOSTEN, VOORSCHOT_SVB
from app.ledger.store import Boekstuk, book
from app.parties import laad_regio
from app.reports import Basis, Per, Uitputting, UitputtingRij, Waardoor, read_uitputting
from app.reports.uitputting_prognose import Bereik
from app.solidarity.uitputting import MaandUitputting
from tests.builders import AGB, CATEGORIE, CODE, make_301, make_323, make_client, make_toegewezen_product
from tests.conformance.test_solidarity_examples import EXAMPLES
from tests.end_to_end.werkbank import ANDERE_AGB, REGIO, stuur, wereld_with_region, write_region

CONTROLLER = Actor(naam="contr", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
EXAMPLE = EXAMPLES / "budgetuitputting_maand"
CODES = {"Aadorp": "0664", "Beekveld": "0687"}
DERDE_AGB = "42420003"


def rows(file: str) -> list[dict[str, str]]:
    """The rows of a file of the example."""
    return list(csv.DictReader(io.StringIO((EXAMPLE / file).read_text(encoding="utf-8"))))


def cents(text: str) -> int:
    """Euros as whole cents."""
    return int(Fraction(text) * 100)


def post(
    soort: str, debet: Rekening, credit: Rekening, cent: int, maand: date, boekmaand: date | None = None, zorgvorm: str = "ambulant"
) -> Boeking:
    """A transfer of an act; a negative amount is the same the other way round."""
    return Boeking(
        bericht_nr=0,
        regel=0,
        soort=soort,
        volgnr=0,
        debet=debet if cent > 0 else credit,
        credit=credit if cent > 0 else debet,
        bedrag_cent=abs(cent),
        domein="ijw" if zorgvorm else "",
        zorgvorm=zorgvorm,
        zorgmaand=maand,
        dienst_van=None,
        dienst_tot=None,
        boekdatum=boekmaand or maand,
    )


async def boek(wereld: Wereld, posten: Iterable[Boeking]) -> None:
    """Book them by one act."""
    async with transaction(wereld.pool) as connection:
        nr = await open_handeling(connection, soort="proef", door=SYSTEEM.naam, op=wereld.nu, reden="voorbeeld")
        await book(connection, Boekstuk.van([each._replace(bericht_nr=nr, regel=regel) for regel, each in enumerate(posten, 1)]))


def pgb(code: str, cent: int, maand: date, boekmaand: date | None = None) -> Boeking:
    """Cost of a gemeente without aanbieder."""
    return post(soorten.PGB_BESTEDING, Rekening(KOSTEN, code), Rekening(VOORSCHOT_SVB, code), cent, maand, boekmaand)


def verdiend(code: str, agb: str, cent: int, maand: date, boekmaand: date | None = None) -> Boeking:
    """Cost that an aanbieder earned."""
    return post(soorten.AFREKENING, Rekening(KOSTEN, code), Rekening(CREDITEUR, code, agb), cent, maand, boekmaand)


def betaald(code: str, agb: str, cent: int, maand: date) -> Boeking:
    """Money to an aanbieder."""
    return post(soorten.BETALING, Rekening(CREDITEUR, code, agb), Rekening(BANK, code), cent, maand, zorgvorm="")


requires_example = pytest.mark.skipif(
    not EXAMPLE.is_dir(), reason="the solidarity examples are not on this machine; set SOLIDAIR_STANDARD_DIR"
)


@requires_example
@pytest.mark.parametrize("folded", [False, True])
async def test_the_worked_example_is_reproduced_from_the_books(database: str, tmp_path: Path, folded: bool) -> None:
    """Every figure of expected.csv, from budgets that were loaded and cost that was booked; balances folded or not."""
    budgetten = "gemeente,jaar,zorgvorm,bedrag_cent,bron\n" + "".join(
        f"{CODES[row['municipality']]},{row['year']},,{cents(row['budget'])},raad\n" for row in rows("input_budget.csv")
    )
    async with wereld_with_region(database, tmp_path, {**REGIO, "budgetten.csv": budgetten}) as wereld:
        given = rows("input_month_costs.csv")
        await boek(
            wereld,
            [
                pgb(CODES[row["municipality"]], cents(row["cost"]), date(int(row["year"]), int(row["month"]), 1))
                for row in given
                if cents(row["cost"])
            ],
        )
        if folded:
            assert await fold(wereld)

        report = await read_uitputting(wereld, CONTROLLER, 2016, tot_en_met=8)

    names = {code: name for name, code in CODES.items()}
    found = [as_csv(names[rij.sleutel], each) for rij in report.rijen if rij.sleutel in names for each in rij.maanden]
    assert found == [tuple(row.values()) for row in rows("expected.csv")]


def as_csv(naam: str, each: MaandUitputting) -> tuple[str, ...]:
    """A month as the reference writes it."""
    hundredths = (
        each.kosten_cent,
        each.cumulatief_cent,
        each.uitputting_honderdsten,
        each.norm_honderdsten,
        each.prognose_cent,
        each.saldo_cent,
    )
    return (naam, str(each.jaar), str(each.maand), *(as_decimal(value) for value in hundredths))


def as_decimal(hundredths: int | None) -> str:
    """Hundredths with a dot; empty when there are none."""
    if hundredths is None:
        return ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02d}"


@requires_example
async def test_the_ceilings_of_the_worked_example_are_reproduced_from_the_books(database: str, tmp_path: Path) -> None:
    """Every figure of expected_providers.csv; the third aanbieder has no ceiling."""
    given = rows("input_provider_ceilings.csv")
    agbs = dict(zip((row["provider"] for row in given), (AGB, ANDERE_AGB, DERDE_AGB), strict=True))
    contracts = dict(zip(agbs, ("J1", "J2", "J3"), strict=True))
    files = {
        **REGIO,
        "aanbieders.csv": REGIO["aanbieders.csv"] + f"{DERDE_AGB},De Kade,\n",
        "contracten.csv": REGIO["contracten.csv"].replace("2020-01-01", "2015-01-01")
        + f"J3,{DERDE_AGB},ijw,*,2015-01-01,,inspanning,PxQ,\n",
        "plafonds.csv": "contract,zorgvorm,jaar,bedrag_cent\n"
        + "".join(f"{contracts[row['provider']]},,2016,{cents(row['ceiling'])}\n" for row in given if row["ceiling"]),
    }
    async with wereld_with_region(database, tmp_path, files) as wereld:
        await boek(wereld, [verdiend("0664", agbs[row["provider"]], cents(row["realised"]), date(2016, 5, 1)) for row in given])

        report = await read_uitputting(wereld, CONTROLLER, 2016, tot_en_met=12, per=Per.AANBIEDER)

    ceilings = {rij.sleutel: rij.plafond for rij in report.rijen}
    found = []
    for provider, agb in agbs.items():
        each = ceilings[agb]
        assert each is not None
        figures = (each.plafond_cent, each.gerealiseerd_cent, each.gebruikt_honderdsten, each.boven_plafond_cent)
        found.append((provider, "2016", *(as_decimal(value) for value in figures)))
    assert found == [tuple(row.values()) for row in rows("expected_providers.csv")]


APRIL, MEI, JUNI = (date(2026, maand, 1) for maand in (4, 5, 6))
GELD = {
    **REGIO,
    "budgetten.csv": "gemeente,jaar,zorgvorm,bedrag_cent,bron\n0664,2026,,500000,raad\n0687,2026,ambulant,100000,raad\n",
}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """On 3 June 2026: budgets, one toewijzing of ten hours a month from April to June at 60 euro, eight of May claimed and granted."""
    async with wereld_with_region(database, tmp_path, GELD) as world:
        product = make_toegewezen_product(
            ingangsdatum=APRIL, einddatum=date(2026, 6, 30), omvang=Omvang(volume=10, eenheid="04", frequentie="4")
        )
        await stuur(world, make_301(client=make_client(toegewezen_producten=(product,))))
        await verwerk_baan(world, "ijw", AGB, lot_size_max=1)
        await stuur(world, make_323())
        await verwerk_baan(world, "ijw", AGB, lot_size_max=1)
        yield world


def rij_van(report: Uitputting, sleutel: str) -> UitputtingRij:
    """One row."""
    return next(rij for rij in report.rijen if rij.sleutel == sleutel)


async def test_a_small_region_by_hand(wereld: Wereld) -> None:
    """Goes: 480 granted in May of 5 000; 600 for April, 120 for May and 600 for June still committed; 300 was paid, 90 went to pgb in March."""
    await boek(wereld, [betaald("0664", AGB, 30_000, MEI), pgb("0664", 9_000, date(2026, 3, 1), MEI)])
    await stuur(wereld, make_323(identificatie="later"))

    report = await read_uitputting(wereld, CONTROLLER, 2026)

    goes = rij_van(report, "0664")
    assert (report.tot_en_met, report.peil) == (MEI, JUNI)
    assert (goes.budget_cent, goes.toegekend_cent, goes.verplicht_cent, goes.betaald_cent) == (500_000, 57_000, 132_000, 30_000)
    assert goes.uitputting_honderdsten == 1140
    assert goes.ingediend is not None
    assert goes.ingediend.aantal == 1
    # Without experience: low is what is granted, middle what is granted and committed; pgb goes on at 90 in five months.
    assert goes.prognose == Bereik(48_000 + 21_600, 180_000 + 21_600, 180_000 + 21_600)
    assert goes.lineair_cent == 57_000 * 12 // 5
    assert goes.saldo_cent == 500_000 - 201_600
    assert rij_van(report, "0687").budget_cent == 100_000
    assert report.totaal.budget_cent == 600_000
    assert [(each.sleutel, each.maand, each.toegekend_cent, each.verwacht_cent) for each in report.onvolledig] == [
        ("0664", APRIL, 0, 60_000)
    ]


async def test_what_june_changed_is_told_by_cause(wereld: Wereld) -> None:
    """All of it was booked on 3 June: a new toewijzing, its claim, and pgb of March; together they are the whole of the row."""
    await boek(wereld, [pgb("0664", 9_000, date(2026, 3, 1), JUNI)])

    goes = rij_van(await read_uitputting(wereld, CONTROLLER, 2026), "0664")

    found = {each.waardoor: (each.aantal, each.toegekend_cent, each.verplicht_cent) for each in goes.verschil}
    assert found[Waardoor.NIEUW] == (3, 0, 180_000)
    assert found[Waardoor.DECLARATIES] == (2, 48_000, -48_000)
    assert found[Waardoor.OVERIG] == (1, 9_000, 0)
    assert goes.prognose is not None
    assert sum(each.prognose_cent for each in goes.verschil) == goes.prognose.midden
    assert sum(each.verplicht_cent for each in goes.verschil) == goes.verplicht_cent


async def test_a_changed_tariff_a_changed_toewijzing_and_a_release_are_causes_of_their_own(wereld: Wereld, tmp_path: Path) -> None:
    """Seventy euro instead of sixty, then April is released: what is granted keeps its price."""
    dearer = GELD["tarieven.csv"].replace(f"J1,{CATEGORIE},{CODE},04,6000", f"J1,{CATEGORIE},{CODE},04,7000")
    await laad_regio(wereld.pool, write_region(tmp_path / "duurder", {**GELD, "tarieven.csv": dearer}), nu=wereld.nu, actor=SYSTEEM)
    await werk_verplichtingen_bij(wereld)
    await laat_vrijvallen(wereld, CONTROLLER, voor=MEI, reden="oud")

    goes = rij_van(await read_uitputting(wereld, CONTROLLER, 2026), "0664")

    found = {each.waardoor: each.verplicht_cent for each in goes.verschil}
    assert found[Waardoor.HERREKEND] == 30_000
    assert found[Waardoor.VRIJVAL] == -70_000
    assert sum(found.values()) == goes.verplicht_cent == 92_000


@pytest.mark.parametrize("per", list(Per))
async def test_every_way_to_look_adds_up_to_the_same(wereld: Wereld, per: Per) -> None:
    """Granted and committed in total are the same per gemeente, zorgvorm and aanbieder; and the forecast too."""
    await boek(wereld, [pgb("0664", 9_000, date(2026, 3, 1), MEI), verdiend("0687", ANDERE_AGB, 5_000, MEI)])

    report = await read_uitputting(wereld, CONTROLLER, 2026, per=per)

    total = report.totaal
    assert (total.toegekend_cent, total.verplicht_cent) == (62_000, 132_000)
    assert sum(rij.toegekend_cent for rij in report.rijen) == 62_000
    assert total.prognose == Bereik(48_000 + 33_600, 180_000 + 33_600, 180_000 + 33_600)
    assert {each.waardoor: each.verplicht_cent for each in total.verschil}[Waardoor.NIEUW] == 180_000


async def test_an_earlier_month_of_booking_shows_the_books_of_then(wereld: Wereld) -> None:
    """At the end of May nothing was booked yet."""
    await boek(wereld, [pgb("0664", 9_000, date(2026, 3, 1), MEI)])

    goes = rij_van(await read_uitputting(wereld, CONTROLLER, 2026, peil=MEI), "0664")

    assert (goes.toegekend_cent, goes.verplicht_cent) == (9_000, 0)


async def test_by_month_of_booking_late_care_counts_when_it_was_booked(wereld: Wereld) -> None:
    """Care of December 2025 booked in May counts in May; there is no forecast by experience."""
    await boek(wereld, [pgb("0664", 7_000, date(2025, 12, 1), MEI)])

    goes = rij_van(await read_uitputting(wereld, CONTROLLER, 2026, tot_en_met=6, basis=Basis.BOEK), "0664")

    assert [each.kosten_cent for each in goes.maanden] == [0, 0, 0, 0, 7_000, 48_000]
    assert (goes.verplicht_cent, goes.prognose, goes.verschil) == (132_000, None, ())
    assert goes.saldo_cent == 500_000 - 110_000


async def test_an_aanbieder_that_always_claims_is_missed(wereld: Wereld) -> None:
    """Three months on end and nothing for April, which should be there in June."""
    months = [date(2026, maand, 1) for maand in (1, 2, 3)]
    await boek(wereld, [verdiend("0687", agb, 1_000, maand) for agb in (AGB, ANDERE_AGB) for maand in months])

    report = await read_uitputting(wereld, CONTROLLER, 2026)

    missed = [(each.sleutel, each.maand, each.aanbieders) for each in report.onvolledig if each.aanbieders]
    assert missed == [("0687", APRIL, ("De Veste", "Het Anker"))]


async def test_who_sees_what(wereld: Wereld) -> None:
    """A gemeente its own rows and causes only; another one is not there; an aanbieder may not ask."""
    goes = Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER}))
    middelburg = Actor(naam="mid", gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.CONTROLLER}))
    veste = Actor(naam="veste", partijen=frozenset({f"aanbieder:{AGB}"}))

    own = await read_uitputting(wereld, goes, 2026)
    other = await read_uitputting(wereld, middelburg, 2026, per=Per.AANBIEDER)

    assert [rij.sleutel for rij in own.rijen] == ["0664"]
    assert own.totaal.verplicht_cent == 132_000
    assert (other.totaal.verplicht_cent, other.totaal.toegekend_cent, other.totaal.verschil) == (0, 0, ())
    assert all(rij.plafond is None for rij in other.rijen)
    with pytest.raises(NietGevonden):
        await read_uitputting(wereld, goes, 2026, gemeente="0687")
    with pytest.raises(NietToegestaan):
        await read_uitputting(wereld, veste, 2026)


async def test_pages_of_rows_have_the_total_of_all(wereld: Wereld) -> None:
    """One row at a time."""
    first = await read_uitputting(wereld, CONTROLLER, 2026, limit=1)
    second = await read_uitputting(wereld, CONTROLLER, 2026, limit=1, cursor=first.volgende)

    assert [len(first.rijen), len(second.rijen), second.volgende] == [1, 1, None]
    assert first.rijen != second.rijen
    assert first.totaal == second.totaal


@pytest.mark.parametrize("wrong", [{"tot_en_met": 13}, {"peil": date(2026, 5, 2)}, {"jaar": 1999}])
async def test_what_is_no_month_or_year_is_refused(wereld: Wereld, wrong: dict[str, Any]) -> None:
    """Before anything is read."""
    with pytest.raises(OngeldigVerzoek):
        await read_uitputting(wereld, CONTROLLER, **{"jaar": 2026, **wrong})

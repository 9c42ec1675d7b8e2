"""The depletion report from the books: the worked example of the reference to the cent, and a small region by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.partij import SYSTEEM, Actor, Rol
from app.ledger import Boeking, Rekening, fold, open_handeling
from app.ledger import gebeurtenissen as soorten
from app.ledger.rekeningschema import BANK, CREDITEUR, KOSTEN, VOORSCHOT_SVB
from app.ledger.store import Boekstuk, book
from app.reports.service_uitputting import read_uitputting
from app.reports.uitputting import Per
from app.solidarity.uitputting import MaandUitputting
from tests.builders import AGB
from tests.conformance.test_solidarity_examples import EXAMPLES
from tests.end_to_end.werkbank import ANDERE_AGB, REGIO, wereld_with_region

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

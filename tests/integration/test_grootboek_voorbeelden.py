"""Worked examples of the solidarity reference from the books: their rows booked as the events they are, their figures asked of the ledger."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, NietToegestaan
from app.domain.partij import SYSTEEM, Actor, Rol
from app.ledger import Boeking, Rekening, SaldoFilter, SaldoRegel, fold, open_handeling, saldi, verify
from app.ledger import gebeurtenissen as soorten
from app.ledger.boeking import prestatie_nr
from app.ledger.rekeningschema import BANK, CREDITEUR, KAS, KOSTEN, KOSTEN_LOKAAL, VOORSCHOT
from app.ledger.store import Boekstuk, book
from app.parties.generator.personen import fictieve_bsns
from app.register.store import ensure_clients
from app.reports import top_casussen
from app.reports.service_casussen import pseudoniem
from app.solidarity.aggregatie import splits_per_maand
from app.solidarity.csvtable import euros
from tests.builders import AGB
from tests.conformance.test_solidarity_examples import EXAMPLES
from tests.end_to_end.werkbank import wereld_with_region

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the solidarity examples are not on this machine; set SOLIDAIR_STANDARD_DIR")

CODES = {"Aadorp": "0664", "Beekveld": "0687", "Cromhoek": "0384"}
NAMEN = {code: naam for naam, code in CODES.items()}
CONTROLLER = Actor(naam="contr", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
Paar = tuple[Rekening, Rekening]


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """Three gemeenten and one aanbieder, nothing booked."""
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened


def rows(example: str, file: str) -> list[dict[str, str]]:
    """The rows of a file of an example."""
    return list(csv.DictReader(io.StringIO((EXAMPLES / example / file).read_text(encoding="utf-8"))))


def cents(text: str) -> int:
    """Euros as whole cents."""
    return int(Fraction(text) * 100)


async def clients(wereld: Wereld, codes: Iterable[str]) -> dict[str, int]:
    """A client_id for every code of an example, each with a fictitious Bsn."""
    wanted = sorted(set(codes) - {""})
    bsns = fictieve_bsns(len(wanted))
    await ensure_clients(wereld.pool, wereld.kluis, bsns, wereld.nu)
    by_key = {row["bsn_hmac"]: row["client_id"] for row in await wereld.pool.fetch("select bsn_hmac, client_id from client")}
    return {code: by_key[wereld.kluis.pseudoniem(bsn)] for code, bsn in zip(wanted, bsns, strict=True)}


async def handeling(wereld: Wereld, connection: Connection) -> int:
    """The act that a set of bookings is made by."""
    return await open_handeling(connection, soort="proef", door=SYSTEEM.naam, op=wereld.nu, reden="voorbeeld uit de referentie")


# What each kind of line is in our books: soort, and the accounts of a positive amount; a negative one is the same the other way round.
def _events(code: str) -> dict[str, tuple[str, Paar]]:
    kosten, crediteur, bank = Rekening(KOSTEN, code), Rekening(CREDITEUR, code, AGB), Rekening(BANK, code)
    svb, voorschot = Rekening("voorschot_svb", code), Rekening(VOORSCHOT, code, AGB)
    return {
        "invoice": (soorten.PRESTATIE, (kosten, crediteur)),
        "credit": (soorten.PRESTATIE_CREDIT, (kosten, crediteur)),
        "pgb": (soorten.PGB_BESTEDING, (kosten, svb)),
        "woonplaats_correction": (soorten.WOONPLAATS, (kosten, Rekening(KAS))),
        "subsidy": (soorten.SUBSIDIE_TERMIJN, (kosten, crediteur)),
        "income": (soorten.OUDERBIJDRAGE, (kosten, bank)),
        "advance": (soorten.VOORSCHOT_SOORT, (voorschot, bank)),
        "advance_settlement": (soorten.VOORSCHOT_VERREKEND, (voorschot, crediteur)),
        "local_free": (soorten.LOKAAL, (Rekening(KOSTEN_LOKAAL, code), bank)),
    }


ZONDER_CLIENT = ("advance", "advance_settlement", "subsidy", "income", "local_free")
VOORUIT = ("advance", "advance_settlement")
"""Money without care: it has no zorgvorm and belongs to the month it is paid for."""


def boekingen_of(line: dict[str, str], nr: int, client: int | None, invoice: Boeking | None) -> list[Boeking]:
    """One line of the raw ledger, over the months of its care; a credit names the invoice that it lowers."""
    soort, (debet, credit) = _events(CODES[line["municipality"]])[line["kind"]]
    van, tot = date.fromisoformat(line["service_from"]), date.fromisoformat(line["service_to"])
    amount, vooruit = cents(line["amount"]), line["kind"] in VOORUIT
    months = {van.replace(day=1): amount} if vooruit else splits_per_maand(amount, van, tot)
    return [
        Boeking(
            bericht_nr=nr,
            regel=regel,
            soort=soort,
            volgnr=0,
            debet=debet if part > 0 else credit,
            credit=credit if part > 0 else debet,
            bedrag_cent=abs(part),
            domein="" if vooruit else "ijw",
            zorgvorm="" if vooruit else line["category"],
            zorgmaand=maand,
            dienst_van=None,
            dienst_tot=None,
            boekdatum=date.fromisoformat(line["booking_date"]),
            client_id=None if line["kind"] in ZONDER_CLIENT else client,
            prestatie_nr=prestatie_nr(nr, regel) if soort == soorten.PRESTATIE else None,
            storno_van=invoice.sleutel if invoice is not None and line["kind"] == "credit" else None,
        )
        for regel, (maand, part) in enumerate(months.items(), start=1)
    ]


async def load_raw_ledger(wereld: Wereld) -> None:
    """Book every line of `grootboek_aggregatie`."""
    lines = rows("grootboek_aggregatie", "input_ledger_raw.csv")
    ids = await clients(wereld, (line["client"] for line in lines))
    invoice: Boeking | None = None
    async with transaction(wereld.pool) as connection:
        for line in lines:
            booked = boekingen_of(line, await handeling(wereld, connection), ids.get(line["client"]), invoice)
            invoice = booked[0] if line["kind"] == "invoice" else invoice
            await book(connection, Boekstuk.van(booked))


def per_year(balances: Iterable[SaldoRegel], basis: str) -> list[dict[str, str]]:
    """Balances of kosten as rows of `expected.csv`."""
    found: dict[tuple[str, str, int], int] = defaultdict(int)
    for row in balances:
        year = (row.zorgmaand if basis == "service" else row.boekmaand).year
        found[NAMEN[row.gemeente], row.zorgvorm, year] += row.bedrag_cent
    return [
        {"basis": basis, "municipality": naam, "category": vorm, "year": str(year), "cost": euros(cent)}
        for (naam, vorm, year), cent in sorted(found.items())
    ]


@pytest.mark.parametrize("gevouwen", [False, True])
async def test_the_raw_ledger_gives_the_same_cost_from_the_books(wereld: Wereld, gevouwen: bool) -> None:
    """By service from the zorgmaanden, by booking from the boekmaanden, deltas folded or not; advances and local cost stay outside."""
    await load_raw_ledger(wereld)
    if gevouwen:
        await fold(wereld)

    balances = await saldi(wereld, CONTROLLER, SaldoFilter(rekening=KOSTEN))

    assert per_year(balances, "booking") + per_year(balances, "service") == rows("grootboek_aggregatie", "expected.csv")
    assert {row.bedrag_cent for row in await saldi(wereld, CONTROLLER, SaldoFilter(rekening=KOSTEN_LOKAAL))} == {750_000}


async def test_the_books_of_the_example_are_right(wereld: Wereld) -> None:
    """Balances are the sum of the transfers, to the client."""
    await load_raw_ledger(wereld)

    wrong = {controle.regel for controle in await verify(wereld) if not controle.klopt and "saldo" in controle.regel.lower()}

    assert wrong == set()


async def load_client_costs(wereld: Wereld) -> dict[str, str]:
    """Book what each client cost in a year, half in March and the rest in October; the code of the example by pseudonym."""
    lines = rows("top10_duurste_casussen", "input_client_costs.csv")
    ids = await clients(wereld, (line["client"] for line in lines))
    async with transaction(wereld.pool) as connection:
        nr = await handeling(wereld, connection)
        halves = (
            (line, month, part)
            for line in lines
            for month, part in ((3, cents(line["cost"]) // 2), (10, cents(line["cost"]) - cents(line["cost"]) // 2))
        )
        booked = [
            Boeking(
                bericht_nr=nr,
                regel=regel,
                soort=soorten.PRESTATIE,
                volgnr=0,
                debet=Rekening(KOSTEN, CODES[line["municipality"]]),
                credit=Rekening(CREDITEUR, CODES[line["municipality"]], AGB),
                bedrag_cent=part,
                domein="ijw",
                zorgvorm="ambulant" if month == 3 else "verblijf",
                zorgmaand=date(int(line["year"]), month, 1),
                dienst_van=None,
                dienst_tot=None,
                boekdatum=date(2018, 1, 15),
                client_id=ids[line["client"]],
                prestatie_nr=prestatie_nr(nr, regel),
            )
            for regel, (line, month, part) in enumerate(halves, start=1)
        ]
        await book(connection, Boekstuk.van(booked))
    return {pseudoniem(wereld.kluis, client_id): code for code, client_id in ids.items()}


@pytest.mark.parametrize("gevouwen", [False, True])
async def test_top_cases_give_the_same_from_the_books(wereld: Wereld, gevouwen: bool) -> None:
    """Every rang, amount and flag of both years, and the whole of the summary; clients by their pseudonym."""
    codes = await load_client_costs(wereld)
    if gevouwen:
        await fold(wereld)

    found = [await top_casussen(wereld, CONTROLLER, jaar, "0664") for jaar in (2016, 2017)]

    flags = {None: "", True: "1", False: "0"}
    assert [
        {
            "municipality": NAMEN[casus.gemeente],
            "year": str(casus.jaar),
            "rank": str(casus.rang),
            "client": codes[casus.client],
            "cost": euros(casus.bedrag_cent),
            "in_previous_top": flags[casus.in_vorige_top],
        }
        for overzicht in found
        for gemeente in overzicht.gemeenten
        for casus in gemeente.top
    ] == rows("top10_duurste_casussen", "expected.csv")
    verloop = found[1].gemeenten[0].verloop
    assert verloop is not None
    (expected,) = rows("top10_duurste_casussen", "expected_summary.csv")
    assert (verloop.aantal, verloop.gebleven, verloop.vervangen) == tuple(int(expected[name]) for name in ("top_n", "stayed", "replaced"))
    assert (str(verloop.uitstroom), str(verloop.jaccard)) == (expected["churn"], expected["jaccard"])
    amounts = (verloop.totaal_cent, verloop.vorig_totaal_cent, verloop.verschil_cent)
    assert amounts == tuple(cents(expected[name]) for name in ("top_total", "previous_total", "difference"))


async def test_top_cases_name_nobody_and_are_for_controllers(wereld: Wereld) -> None:
    """No client_id in sight; another gemeente does not exist for who does not work for it; other roles are refused."""
    codes = await load_client_costs(wereld)
    other = Actor(naam="buur", gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.CONTROLLER}))

    overzicht = await top_casussen(wereld, CONTROLLER)

    assert overzicht.jaar == 2017
    assert {casus.client for gemeente in overzicht.gemeenten for casus in gemeente.top} <= codes.keys()
    assert (await top_casussen(wereld, other, 2017)).gemeenten == ()
    with pytest.raises(NietGevonden):
        await top_casussen(wereld, other, 2017, "0664")
    with pytest.raises(NietToegestaan):
        await top_casussen(wereld, Actor(naam="kijk", gemeenten=None, rollen=frozenset({Rol.INZAGE})), 2017)


async def test_who_shares_the_last_place_is_chosen_by_name(wereld: Wereld) -> None:
    """A top of one with two equal clients: the pseudonym that sorts first, whatever order the database returns."""
    lines = [{"client": f"k{number}", "cost": "10.00"} for number in range(4)]
    ids = await clients(wereld, (line["client"] for line in lines))
    async with transaction(wereld.pool) as connection:
        for client_id in ids.values():
            await connection.execute("insert into saldo_client_delta (client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent)"
                                     " values ($1, '0664', 'ambulant', 2026, 1000)", client_id)  # fmt: skip

    overzicht = await top_casussen(wereld, CONTROLLER, 2026, "0664", 1)

    assert [casus.client for casus in overzicht.gemeenten[0].top] == [min(pseudoniem(wereld.kluis, each) for each in ids.values())]

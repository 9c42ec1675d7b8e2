"""What is filled in: read as values, or as faults at their fields."""

from __future__ import annotations

from datetime import date

import pytest

from app.composing.invullen import (
    Productkeuze,
    Stap,
    Veldfout,
    Wie,
    Zorg,
    answers_of,
    as_cent,
    as_datum,
    field_of,
    read_persoon,
    read_regel,
    read_wie,
    read_zorg,
)
from app.composing.toewijzen import Regel
from app.domain.bericht import Client
from app.domain.toewijzing import Omvang
from tests.builders import make_client, make_relatie

VANDAAG = date(2026, 7, 7)
PERSOON = {
    "achternaam": "Zilverduin", "geboortedatum": "2014-05-03", "geslacht": "2", "straat": "Kreekpad", "huisnummer": "12", "postcode": "4461ab",
    "plaats": "Goes",
}  # fmt: skip
ZORG = Zorg(ingangsdatum=date(2026, 8, 1), einddatum=date(2026, 12, 31), agb="42420001")
UUR, EURO, ETMAAL, CATEGORIE = (
    Productkeuze(categorie="45", code="45A04", eenheid="04"),
    Productkeuze(categorie="45", code="45A09", eenheid="83"),
    Productkeuze(categorie="44", code="44A01", eenheid="14"),
    Productkeuze(categorie="45", code=None, eenheid=None),
)
KEUZES = {each.waarde: each for each in (UUR, EURO, ETMAAL, CATEGORIE)}


def fields(found: object) -> list[str]:
    """The fields of faults."""
    assert isinstance(found, tuple)
    assert all(isinstance(each, Veldfout) for each in found)
    return [each.veld for each in found]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-02-28", date(2026, 2, 28)), ("28-2-2026", date(2026, 2, 28)), ("28/02/2026", date(2026, 2, 28)), ("30-02-2026", None), ("x", None),
     ("20260228", None)],
)  # fmt: skip
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    """Day first, or as the field for days sends it."""
    assert as_datum(text) == day


@pytest.mark.parametrize(
    ("text", "cent"),
    [
        ("1.250,00", 125_000),
        ("1250", 125_000),
        ("€ 12,5", 1250),
        ("12,-", 1200),
        ("0,05", 5),
        ("12.50", None),
        ("-3", None),
        ("12,345", None),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, cent: int | None) -> None:
    """A point separates thousands, so `12.50` is not guessed at."""
    assert as_cent(text) == cent


def test_who() -> None:
    """A gemeente of one's own, a law, a Bsn that passes the 11-proef."""
    answers = {"gemeente": "0664", "domein": "iwmo", "bsn": "9999.00.006"}

    assert read_wie(answers, frozenset({"0664"})) == Wie(gemeente="0664", domein="iwmo", bsn="999900006")
    assert fields(read_wie(answers, frozenset({"0687"}))) == ["gemeente"]
    assert fields(read_wie({"bsn": "999900007"}, frozenset({"0664"}))) == ["gemeente", "domein", "bsn"]


def test_a_new_person() -> None:
    """Only what the 301 needs; the postcode as the standard writes it."""
    client = read_persoon(PERSOON, "999900006", None, VANDAAG)

    assert isinstance(client, Client)
    assert client.contactgegevens[0].adres is not None
    assert (client.contactgegevens[0].soort, client.contactgegevens[0].adres.postcode) == ("01", "4461AB")
    assert client.naam is not None
    assert client.naam.naam_gebruik == "1"


def test_what_the_form_does_not_ask_stays_as_it_is_known() -> None:
    """Relations and the second address of the earlier 301 go along."""
    known = make_client(relaties=(make_relatie(nummer="7"),))

    again = read_persoon({**answers_of(known), "relatie_achternaam": "Wierink", "relatie_soort": "10"}, known.bsn, known, VANDAAG)

    assert isinstance(again, Client)
    assert [each.nummer for each in again.relaties] == ["7", "1"]
    assert (again.naam, again.geboortedatum) == (known.naam, known.geboortedatum)


@pytest.mark.parametrize(
    ("changes", "veld"),
    [
        ({"achternaam": " "}, "achternaam"),
        ({"geboortedatum": "2026-07-08"}, "geboortedatum"),
        ({"geboortedatum": ""}, "geboortedatum"),
        ({"geslacht": "9"}, "geslacht"),
        ({"straat": "x" * 25}, "straat"),
        ({"huisnummer": "12a"}, "huisnummer"),
        ({"postcode": "0461AB"}, "postcode"),
        ({"voorletters": "A.B.C.D.E.F.G."}, "voorletters"),
        ({"partnernaam": "Wierink"}, "naam_gebruik"),
        ({"relatie_achternaam": "Wierink"}, "relatie_soort"),
        ({"relatie_voornamen": "Ada"}, "relatie_achternaam"),
        ({"relatie_achternaam": "W", "relatie_soort": "10", "relatie_telefoon": "12"}, "relatie_telefoon"),
    ],
)
def test_faults_of_a_person_stand_at_their_field(changes: dict[str, str], veld: str) -> None:
    """One fault, one field."""
    assert fields(read_persoon({**PERSOON, **changes}, "999900006", None, VANDAAG)) == [veld]


def test_when_and_by_whom() -> None:
    """The end is not before the begin; the aanbieder has a contract."""
    answers = {"ingangsdatum": "2026-08-01", "einddatum": "2026-12-31", "agb": "42420001"}

    assert read_zorg(answers, frozenset({"42420001"})) == ZORG
    assert fields(read_zorg({**answers, "einddatum": "2026-07-31"})) == ["einddatum"]
    assert fields(read_zorg(answers, frozenset())) == ["agb"]
    assert fields(read_zorg({})) == ["ingangsdatum", "agb"]


def regel(keuze: Productkeuze, zorg: Zorg = ZORG, **answers: str) -> Regel | tuple[Veldfout, ...]:
    """A line of this product."""
    return read_regel({"product": keuze.waarde, **answers}, zorg, KEUZES)


def test_a_line_with_omvang_or_budget() -> None:
    """Hours, an amount in cents, a budget for the whole category; what belongs to another choice is not read."""
    hours = regel(UUR, volume="5", frequentie="2", budget="100", commentaar=" Graag snel. ")
    euros = regel(EURO, volume="1.500,00", frequentie="6")
    budget = regel(CATEGORIE, budget="1.250", volume="5", frequentie="2")

    assert isinstance(hours, Regel)
    assert (hours.omvang, hours.budget, hours.commentaar) == (Omvang(volume=5, eenheid="04", frequentie="2"), None, "Graag snel.")
    assert isinstance(euros, Regel)
    assert euros.omvang == Omvang(volume=150_000, eenheid="83", frequentie="6")
    assert isinstance(budget, Regel)
    assert (budget.code, budget.omvang, budget.budget) == (None, None, 125_000)


OPEN = Zorg(ingangsdatum=date(2026, 8, 1), einddatum=None, agb="42420001")


@pytest.mark.parametrize(
    ("found", "veld"),
    [
        pytest.param(regel(ETMAAL, volume="5", frequentie="1"), "frequentie", id="CS338: no etmalen per day"),
        pytest.param(regel(UUR, OPEN, volume="5", frequentie="2"), "einddatum", id="CD076: per week asks an end"),
        pytest.param(regel(CATEGORIE, OPEN, budget="100"), "einddatum", id="CD075: a budget asks an end"),
        pytest.param(regel(UUR, volume="0", frequentie="2"), "volume", id="nothing"),
        pytest.param(regel(UUR, volume="1,5", frequentie="2"), "volume", id="a part of an hour"),
        pytest.param(regel(UUR, volume="5", frequentie="3"), "frequentie", id="no such frequentie"),
        pytest.param(regel(EURO, volume="twee", frequentie="6"), "volume", id="no amount"),
        pytest.param(regel(UUR, volume="5", frequentie="2", referentie="x" * 37), "referentie", id="too long"),
        pytest.param(read_regel({"product": "45|45Z99|04", "volume": "5"}, ZORG, KEUZES), "product", id="not in the contract"),
    ],
)
def test_faults_of_a_line_stand_at_their_field(found: object, veld: str) -> None:
    """What the standard forbids is said in words of the form."""
    assert fields(found) == [veld]


@pytest.mark.parametrize(
    ("pad", "expected"),
    [
        ("/Bericht/Client/Bsn", (Stap.CLIENT, "bsn")),
        ("/Bericht/Client/Naam/NaamGebruik", (Stap.PERSOON, "naam_gebruik")),
        ("/Bericht/Client/ToegewezenProducten/ToegewezenProduct/Omvang/Frequentie", (Stap.OMVANG, "frequentie")),
        ("/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]/Einddatum", (Stap.ZORG, "einddatum")),
        ("/Bericht/Client/ToegewezenProducten/ToegewezenProduct[2]/Einddatum", None),
        ("/Bericht/Header/BerichtIdentificatie", None),
    ],
)
def test_a_finding_leads_to_what_was_filled_in(pad: str, expected: tuple[Stap, str] | None) -> None:
    """The new line is the first; of the lines that go on nothing was filled in."""
    assert field_of(pad) == expected

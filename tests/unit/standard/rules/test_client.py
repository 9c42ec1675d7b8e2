"""The rules about Client and Relatie, and about their Contact."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.bericht import Achternaam, Adres, Client, Communicatie, Contact, Geboortedatum, Huis, Naam, Telefoon, Telefoonnummers
from app.domain.periode import OpenPeriode
from app.domain.snapshot import Kijk
from app.standard.rules.binnen import find_repetitions
from app.standard.rules.bsn import is_bsn
from app.standard.rules.client import years_before
from tests.builders import VANDAAG, make_301, make_305, make_315, make_317, make_client, make_contact, make_kijk, make_relatie, next_day
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds, has_rule

NO_POSTCODE = Adres(huis=Huis(huisnummer=1), land_code="NL")
TELEFOON = Telefoonnummers(telefoon01=Telefoon(telefoonnummer="0113000000", landnummer="0031"))


def adres(**changes: Any) -> Adres:
    """A Dutch address."""
    return Adres(**{"huis": Huis(huisnummer=1), "postcode": "4461AA", "land_code": "NL", **changes})


def kijk_on(client: Client) -> Kijk:
    """The Kijk on a 301 of this client."""
    bericht = make_301(client=client)
    return make_kijk(bericht, binnen=find_repetitions(bericht))


def naam(naam_gebruik: str, partner: bool = False) -> Naam:
    """A name with or without Partnernaam."""
    return Naam(
        geslachtsnaam=Achternaam(achternaam="Voorbeeld"),
        partnernaam=Achternaam(achternaam="Partner") if partner else None,
        naam_gebruik=naam_gebruik,
    )


def born(datum: date, gebruik: str | None = None) -> Client:
    """A client born then."""
    return make_client(geboortedatum=Geboortedatum(datum=datum, datum_gebruik=gebruik))


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("999900006", True),
        ("123456782", True),
        ("999900007", False),
        ("000000000", False),
        ("99990006", False),
        ("٩99900006", False),
    ],
)
def test_cs002_bsn_is_nine_digits_that_pass(text: str, valid: bool) -> None:
    """The 11-proef on ASCII digits only."""
    assert is_bsn(text) is valid


def test_cs002_refuses_bsn_that_fails_the_11_proef() -> None:
    """The Bsn is masked in the finding."""
    good, bad = make_client(), make_client(bsn="999900007")

    assert_holds("CS002", good, kijk_on(good))
    bevinding = assert_fails("CS002", bad, kijk_on(bad))
    assert (bevinding.waarde, bevinding.melding) == ("***", "Bsn *** doorstaat de elfproef niet.")


def test_client_of_a_request_is_judged_as_any_other() -> None:
    """A 315 says as much of the client as a 305; a 317 names the Bsn alone, so that only that is judged."""
    wrong = make_client(bsn="999900007", geboortedatum=Geboortedatum(datum=next_day(VANDAAG), datum_gebruik="1"))
    right = make_client()

    for code in ("CS002", "TR134", "CS139"):
        assert_holds(code, right, make_kijk(make_315(client=right)))
        assert_fails(code, wrong, make_kijk(make_315(client=wrong)))
    ancient = born(date(1880, 1, 1))
    assert_holds("TR002", right, make_kijk(make_315(client=right)))
    assert_fails("TR002", ancient, make_kijk(make_315(client=ancient)))
    assert_holds("CS002", right, make_kijk(make_317()))
    assert_fails("CS002", wrong, make_kijk(make_317()))
    assert not has_rule("CS139", wrong, make_kijk(make_317()))


def test_tr002_refuses_more_than_120_years() -> None:
    """120 years to the day is allowed, a day more is not, and unknown is 1900-01-01 with DatumGebruik 3."""
    edge = years_before(VANDAAG, 120)

    for client in (born(edge), born(date(1900, 1, 1), "3")):
        assert_holds("TR002", client, kijk_on(client))
    for client in (born(edge.replace(day=edge.day - 1)), born(date(1900, 1, 1))):
        assert_fails("TR002", client, kijk_on(client))


def test_tr002_holds_for_relatie_without_geboortedatum() -> None:
    """A Relatie need not have one, but an old one is refused there too."""
    client = make_client()

    assert_holds("TR002", make_relatie(), kijk_on(client))
    assert_fails("TR002", make_relatie(geboortedatum=Geboortedatum(datum=date(1890, 1, 1))), kijk_on(client))


def test_tr134_refuses_birth_after_dagtekening() -> None:
    """Born on the day itself is allowed."""
    assert_holds("TR134", born(VANDAAG), kijk_on(born(VANDAAG)))
    assert_fails("TR134", born(next_day(VANDAAG)), kijk_on(born(next_day(VANDAAG))))


@pytest.mark.parametrize(
    ("datum", "gebruik", "agrees"),
    [
        (date(2012, 4, 5), None, True),
        (date(2012, 4, 1), "1", True),
        (date(2012, 4, 2), "1", False),
        (date(2012, 1, 1), "2", True),
        (date(2012, 4, 1), "2", False),
        (date(1900, 1, 1), "3", True),
        (date(1900, 1, 2), "3", False),
    ],
)
def test_cs139_unknown_parts_are_filled_as_agreed(datum: date, gebruik: str | None, agrees: bool) -> None:
    """1: day 01; 2: day and month 01; 3: 1900-01-01; also in a 305."""
    client = born(datum, gebruik)
    bericht = make_305(client=client)
    check = assert_holds if agrees else assert_fails

    check("CS139", client, make_kijk(bericht))
    check("CS139", client, kijk_on(client))


def test_cs318_refuses_an_organisation_as_client() -> None:
    """NaamGebruik 6 is for organisations."""
    assert_holds("CS318", make_client(naam=naam("1")), kijk_on(make_client()))
    assert_fails("CS318", make_client(naam=naam("6")), kijk_on(make_client()))


@pytest.mark.parametrize(
    ("gebruik", "partner", "fits"),
    [
        ("1", False, True),
        ("6", False, True),
        ("2", False, False),
        ("1", True, True),
        ("4", True, True),
        ("6", True, False),
    ],
)
def test_cs050_naam_gebruik_goes_with_partnernaam(gebruik: str, partner: bool, fits: bool) -> None:
    """With a Partnernaam 1 to 4, without 1 or 6."""
    check = assert_holds if fits else assert_fails

    check("CS050", make_relatie(naam=naam(gebruik, partner)), kijk_on(make_client()))


def test_cd007_taal_goes_with_tolk() -> None:
    """Taal if and only if Vorm is 1."""
    for vorm, taal in (("1", "ARA"), ("2", None)):
        assert_holds("CD007", make_client(communicatie=Communicatie(vorm=vorm, taal=taal)), kijk_on(make_client()))
    for vorm, taal in (("1", None), ("2", "ARA")):
        assert_fails("CD007", make_client(communicatie=Communicatie(vorm=vorm, taal=taal)), kijk_on(make_client()))
    assert_holds("CD007", make_client(), kijk_on(make_client()))


def test_tr061_asks_an_adres_of_soort_01_02_or_03() -> None:
    """A temporary address alone is not enough, nor a Contact of soort 01 without Adres."""
    assert_holds("TR061", make_client(contactgegevens=(make_contact(soort="02"),)), kijk_on(make_client()))
    for contact in (make_contact(soort="04"), make_contact(adres=None, telefoon=TELEFOON)):
        assert_fails("TR061", make_client(contactgegevens=(contact,)), kijk_on(make_client()))


def test_tr101_refuses_two_relaties_with_one_number() -> None:
    """Nummer is the key of a Relatie."""
    one, two = make_relatie(nummer="1"), make_relatie(nummer="2")

    assert_holds("TR101", one, kijk_on(make_client(relaties=(one, two))))
    assert_fails("TR101", one, kijk_on(make_client(relaties=(one, one))))


def test_tr101_refuses_two_contacts_of_one_soort() -> None:
    """Soort is the key of a Contact of the client; the Contact of a Relatie is another."""
    home, mail, of_relatie = make_contact(soort="01"), make_contact(soort="02"), make_contact(soort="01")

    assert_holds("TR101", home, kijk_on(make_client(contactgegevens=(home, mail))))
    twice = make_client(contactgegevens=(home, make_contact(soort="01")), relaties=(make_relatie(contact=of_relatie),))
    assert_fails("TR101", home, kijk_on(twice))
    assert_holds("TR101", of_relatie, kijk_on(twice))


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        pytest.param("TR006", make_contact(), make_contact(adres=adres(huis=None)), id="TR006-huis"),
        pytest.param("TR006", make_contact(adres=None, telefoon=TELEFOON), make_contact(adres=NO_POSTCODE), id="TR006-postcode"),
        pytest.param("CD025", make_contact(), make_contact(adres=adres(huis=None)), id="CD025"),
        pytest.param(
            "CD025",
            make_contact(adres=adres(huis=None, land_code="BE")),
            make_contact(adres=adres(huis=None)),
            id="CD025-abroad",
        ),
        pytest.param("CD034", make_contact(), make_contact(adres=NO_POSTCODE), id="CD034-01"),
        pytest.param(
            "CD034",
            make_contact(soort="02", adres=NO_POSTCODE),
            make_contact(soort="03", adres=NO_POSTCODE),
            id="CD034-03",
        ),
        pytest.param("CS089", make_contact(), make_contact(adres=adres(postcode="0461AA")), id="CS089-zero"),
        pytest.param(
            "CS089",
            make_contact(adres=adres(postcode="B-2000", land_code="BE")),
            make_contact(adres=adres(postcode="4461 AA")),
            id="CS089",
        ),
        pytest.param("CD005", make_contact(), make_contact(adres=adres(land_code=None)), id="CD005-missing"),
        pytest.param(
            "CD005",
            make_contact(adres=adres(postcode=None, land_code=None)),
            make_contact(adres=NO_POSTCODE),
            id="CD005",
        ),
        pytest.param(
            "CD009",
            make_contact(soort="04", periode=OpenPeriode(begindatum=date(2026, 1, 1))),
            make_contact(soort="01", periode=OpenPeriode(begindatum=date(2026, 1, 1))),
            id="CD009",
        ),
        pytest.param(
            "CS003",
            make_contact(periode=OpenPeriode(begindatum=date(2026, 1, 1), einddatum=date(2026, 1, 1))),
            make_contact(periode=OpenPeriode(begindatum=date(2026, 1, 2), einddatum=date(2026, 1, 1))),
            id="CS003",
        ),
        pytest.param(
            "CS003",
            make_contact(periode=OpenPeriode(begindatum=date(2026, 1, 1))),
            make_contact(periode=OpenPeriode(begindatum=date(2026, 1, 2), einddatum=date(2025, 1, 1))),
            id="CS003-open",
        ),
    ],
)
def test_tr006_cd005_cd009_cd025_cd034_cs003_cs089_contact(code: str, good: Contact, bad: Contact) -> None:
    """What a Contact must hold, and must not."""
    assert_holds(code, good, kijk_on(make_client()))
    assert_fails(code, bad, kijk_on(make_client()))


def test_contact_without_adres_is_left_to_tr006() -> None:
    """The rules about Adres have nothing to say about a Contact with a telephone only."""
    contact = make_contact(adres=None, telefoon=TELEFOON)

    for code in ("TR006", "CD005", "CD025", "CD034", "CS089"):
        assert_holds(code, contact, kijk_on(make_client()))

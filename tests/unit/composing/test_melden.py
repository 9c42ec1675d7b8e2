"""What an aanbieder may report of a toewijzing: every option with its reason and rule, what is filled in, and the bericht it makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.composing.invullen import Veldfout
from app.composing.melden import Melding, Meldsoort, Meldstand, compose_melding, field_of, options, read_melding, reasons
from app.domain.bericht import Achternaam, Naam
from app.domain.levering import NIEUW, TIJDELIJK, VERWIJDEREN
from tests.builders import AGB, GEMEENTE, NUMMER, make_client, make_levering, make_toewijzing

VANDAAG = date(2026, 6, 3)
WEEK = make_toewijzing()
WEG = make_toewijzing(einddatum=date(2026, 1, 1), reden_wijziging="13")
LATER = make_toewijzing(ingangsdatum=date(2026, 7, 1))
START = make_levering(begindatum=date(2026, 1, 10))
STOP = make_levering(begindatum=date(2026, 1, 10), einddatum=date(2026, 4, 30), reden_beeindiging="31")
PAUZE = replace(STOP, reden_beeindiging=TIJDELIJK)
OPNIEUW = make_levering(begindatum=date(2026, 5, 11))

NIETS = Meldstand(versie=WEEK)
LOOPT = Meldstand(versie=WEEK, leveringen=(START,))
GESTOPT = Meldstand(versie=WEEK, leveringen=(START, STOP))
ONDERBROKEN = Meldstand(versie=WEEK, leveringen=(START, PAUZE))
HERVAT = Meldstand(versie=WEEK, leveringen=(START, PAUZE, OPNIEUW))

OPTIES = [
    (NIETS, {"start": ""}, {"stop": "TR382", "start-terug": "TR063", "stop-terug": "TR063"}),
    (LOOPT, {"stop": "", "start-terug": ""}, {"start": "TR326", "stop-terug": "TR063"}),
    (GESTOPT, {"start": "", "stop-terug": ""}, {"stop": "TR415", "start-terug": "TR071"}),
    (ONDERBROKEN, {"start": "", "stop": "", "stop-terug": ""}, {"start-terug": "TR071"}),
    (HERVAT, {"stop": "", "start-terug": ""}, {"start": "TR326", "stop-terug": "TR063"}),
    (Meldstand(versie=WEG), {}, {"start": "TR019", "stop": "TR382", "start-terug": "TR063", "stop-terug": "TR063"}),
    (Meldstand(versie=LATER), {}, {"start": "OP271", "stop": "TR382", "start-terug": "TR063", "stop-terug": "TR063"}),
]


@pytest.mark.parametrize(("stand", "mag", "mag_niet"), OPTIES)
def test_what_may_be_reported_follows_from_what_was(stand: Meldstand, mag: dict[str, str], mag_niet: dict[str, str]) -> None:
    """What may not says by which rule, in a sentence."""
    found = options(stand, VANDAAG)

    assert {each.soort.value for each in found if each.mag} == set(mag)
    assert {each.soort.value: each.regel for each in found if not each.mag} == mag_niet
    assert all(each.uitleg.endswith(".") for each in found)


def test_care_that_stopped_on_the_last_day_does_not_start_again() -> None:
    """There is no day left in the toewijzing."""
    stop = replace(STOP, einddatum=date(2026, 5, 31))
    over = Meldstand(versie=replace(WEEK, einddatum=date(2026, 5, 31)), leveringen=(START, stop))

    assert next(each.mag for each in options(over, VANDAAG) if each.soort is Meldsoort.START) is False


@pytest.mark.parametrize(
    ("stand", "begindatum", "woord"),
    [
        (NIETS, "", "op welke dag"),
        (NIETS, "31 mei", "is geen dag"),
        (NIETS, "2026-06-04", "uiterlijk vandaag, 03-06-2026"),
        (NIETS, "2025-12-31", "gaat in op 01-01-2026"),
        (Meldstand(versie=replace(WEEK, einddatum=date(2026, 5, 31))), "2026-06-01", "eindigt op 31-05-2026"),
        (GESTOPT, "2026-04-30", "stopte op 30-04-2026"),
    ],
)
def test_a_start_that_cannot_be_says_why_at_its_field(stand: Meldstand, begindatum: str, woord: str) -> None:
    found = read_melding(stand, Meldsoort.START, {"begindatum": begindatum}, VANDAAG)

    assert isinstance(found, tuple)
    assert [each.veld for each in found] == ["begindatum"]
    assert woord in found[0].melding


@pytest.mark.parametrize(
    ("stand", "antwoorden", "velden"),
    [
        (LOOPT, {}, {"einddatum": "laatste dag", "reden": "waarom"}),
        (LOOPT, {"einddatum": "2026-06-04", "reden": "31"}, {"einddatum": "uiterlijk vandaag"}),
        (LOOPT, {"einddatum": "2026-01-09", "reden": "31"}, {"einddatum": "begon op 10-01-2026"}),
        (ONDERBROKEN, {"einddatum": "2026-04-29", "reden": "31"}, {"einddatum": "30-04-2026"}),
        (ONDERBROKEN, {"einddatum": "2026-05-01", "reden": TIJDELIJK}, {"reden": "waarom"}),
        (LOOPT, {"einddatum": "2026-05-01", "reden": "19"}, {"reden": "waarom"}),
        (GESTOPT, {"einddatum": "2026-05-01", "reden": "31"}, {"soort": "al definitief gestopt"}),
    ],
)
def test_a_stop_that_cannot_be_says_why_at_its_field(stand: Meldstand, antwoorden: dict[str, str], velden: dict[str, str]) -> None:
    """Reason 19 is of the Wmo; a second temporary stop is refused (TR413)."""
    found = read_melding(stand, Meldsoort.STOP, antwoorden, VANDAAG)

    assert isinstance(found, tuple)
    assert sorted(each.veld for each in found) == sorted(velden)
    assert all(velden[each.veld] in each.melding for each in found)


def test_reasons_are_those_of_the_law() -> None:
    """With a capital, and temporary only when there was no stop yet."""
    wmo = Meldstand(versie=make_toewijzing(domein="iwmo"), leveringen=(START,))

    assert ("31", "Levering is volgens plan beëindigd") in reasons("ijw", LOOPT, VANDAAG)
    assert ("31", "Verhuizing naar een andere gemeente") in reasons("iwmo", wmo, VANDAAG)
    assert TIJDELIJK in dict(reasons("ijw", LOOPT, VANDAAG))
    assert TIJDELIJK not in dict(reasons("ijw", ONDERBROKEN, VANDAAG))


def made(stand: Meldstand, soort: Meldsoort, **antwoorden: str) -> Melding:
    """A report that is right."""
    found = read_melding(stand, soort, antwoorden, VANDAAG)
    assert isinstance(found, Melding)
    return found


def test_a_start_becomes_a_305_with_the_short_client() -> None:
    """No address, no partner name, no comment: a 305 does not carry them."""
    naam = Naam(
        geslachtsnaam=Achternaam(achternaam="Voorbeeld"), partnernaam=Achternaam(achternaam="Ander"), voornamen="An", naam_gebruik="1"
    )
    client = make_client(naam=naam, commentaar="bel eerst")

    bericht = compose_melding(NIETS, made(NIETS, Meldsoort.START, begindatum="1-6-2026"), client, identificatie="A1", vandaag=VANDAAG)

    assert (bericht.soort, bericht.header.afzender, bericht.header.ontvanger, bericht.header.bericht_code) == ("305", AGB, GEMEENTE, "438")
    assert bericht.client is not None
    assert (bericht.client.contactgegevens, bericht.client.commentaar) == ((), None)
    assert bericht.client.naam == Naam(geslachtsnaam=Achternaam(achternaam="Voorbeeld"), voornamen="An")
    [start] = bericht.client.start_producten
    assert (start.toewijzing_nummer, start.begindatum, start.status_aanlevering) == (NUMMER, date(2026, 6, 1), NIEUW)
    assert start.toewijzing_ingangsdatum == WEEK.ingangsdatum


def test_a_stop_names_its_start_as_it_was_reported() -> None:
    """Also when the toewijzing names its product otherwise by now (TR382)."""
    stand = Meldstand(versie=replace(WEEK, code=None), leveringen=(START,))
    melding = made(stand, Meldsoort.STOP, einddatum="2026-05-31", reden="34")

    bericht = compose_melding(stand, melding, make_client(), identificatie="A1", vandaag=VANDAAG)

    assert bericht.client is not None
    [stop] = bericht.client.stop_producten
    assert (stop.begindatum, stop.einddatum, stop.reden_beeindiging) == (START.begindatum, date(2026, 5, 31), "34")
    assert stop.product is not None
    assert stop.product.code == START.code


@pytest.mark.parametrize(("stand", "soort", "bericht"), [(LOOPT, Meldsoort.START_TERUG, "305"), (GESTOPT, Meldsoort.STOP_TERUG, "307")])
def test_taking_back_repeats_the_key_with_status_3(stand: Meldstand, soort: Meldsoort, bericht: str) -> None:
    """IV008: the logical key of what is deleted."""
    found = compose_melding(stand, made(stand, soort), make_client(), identificatie="A1", vandaag=VANDAAG)

    assert found.soort == bericht
    assert found.client is not None
    keys = [(each.status_aanlevering, each.begindatum) for each in found.client.start_producten]
    keys += [(each.status_aanlevering, each.begindatum) for each in found.client.stop_producten]
    assert keys == [(VERWIJDEREN, START.begindatum)]
    assert [(each.einddatum, each.reden_beeindiging) for each in found.client.stop_producten] == (
        [(STOP.einddatum, "31")] if bericht == "307" else []
    )


def test_without_product_there_is_none_in_the_bericht() -> None:
    """A toewijzing that leaves the product open."""
    open_ = Meldstand(versie=replace(WEEK, categorie=None, code=None, omvang=None))

    found = compose_melding(
        open_, made(open_, Meldsoort.START, begindatum="2026-06-01"), make_client(), identificatie="A1", vandaag=VANDAAG
    )

    assert found.client is not None
    assert found.client.start_producten[0].product is None


def test_findings_stand_at_the_field_they_come_from() -> None:
    base = "/Bericht/Client/StopProducten/StopProduct[1]"

    assert [field_of(f"{base}/{name}") for name in ("Begindatum", "Einddatum", "RedenBeeindiging", "ToewijzingNummer")] == [
        "begindatum",
        "einddatum",
        "reden",
        "soort",
    ]


def test_faults_of_the_whole_are_of_the_soort() -> None:
    """What may not be reported at all is no fault of a field."""
    assert read_melding(NIETS, Meldsoort.STOP, {}, VANDAAG) == (
        Veldfout(veld="soort", melding="Er is nog geen start gemeld. Een stop hoort altijd bij een start."),
    )

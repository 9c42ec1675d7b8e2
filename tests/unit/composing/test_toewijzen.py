"""Composing a 301: what is new, what goes on, and the header around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.composing import Besluit, Regel, compose_301, new_product, with_current
from app.domain.bericht import Achternaam, Client, Geboortedatum, Naam
from app.domain.snapshot import Toewijzing
from app.domain.toewijzing import Omvang

VANDAAG = date(2026, 7, 7)
CLIENT = Client(
    bsn="999900006",
    geboortedatum=Geboortedatum(datum=date(2014, 5, 3)),
    geslacht="2",
    naam=Naam(geslachtsnaam=Achternaam(achternaam="Zilverduin"), naam_gebruik="1"),
)
LOPEND = Toewijzing(
    bericht_nr=3,
    domein="ijw",
    gemeente="0664",
    agb="42420001",
    client_id=1,
    toewijzing_nummer=12,
    categorie="45",
    code="45A04",
    toewijzingsdatum=date(2026, 1, 2),
    toewijzingstijd="09:10:00",
    ingangsdatum=date(2026, 1, 1),
    einddatum=date(2026, 12, 31),
    omvang=Omvang(volume=2, eenheid="04", frequentie="2"),
    referentie_aanbieder="vraag-1",
    reden_wijziging="04",
)
REGEL = Regel(
    categorie="45",
    code="45A05",
    ingangsdatum=date(2026, 8, 1),
    einddatum=date(2027, 1, 29),
    omvang=Omvang(volume=5, eenheid="04", frequentie="2"),
)


def test_besluit_is_in_dutch_time() -> None:
    """An instant before midnight in UTC is the next day here in summer."""
    assert Besluit.op(datetime(2026, 7, 6, 22, 30, tzinfo=UTC)) == Besluit(datum=VANDAAG, tijd="00:30:00")


def test_current_lines_are_repeated_as_they_were() -> None:
    """What goes on keeps date and time, and says neither why it changed nor whose request it was (IV013, IV093, IV099)."""
    nieuw = new_product(REGEL, nummer=13, besluit=Besluit(datum=VANDAAG, tijd="10:00:00"))

    lines = with_current([nieuw], [LOPEND], vandaag=VANDAAG)

    assert [each.toewijzing_nummer for each in lines] == [13, 12]
    again = lines[1]
    assert (again.toewijzingsdatum, again.toewijzingstijd) == (date(2026, 1, 2), "09:10:00")
    assert again.omvang == LOPEND.omvang
    assert again.reden_wijziging is None
    assert again.referentie_aanbieder is None


@pytest.mark.parametrize(
    "over",
    [
        pytest.param(replace(LOPEND, einddatum=date(2026, 7, 6)), id="ended yesterday"),
        pytest.param(replace(LOPEND, reden_wijziging="13", einddatum=LOPEND.ingangsdatum), id="deleted"),
    ],
)
def test_what_is_over_is_not_repeated(over: Toewijzing) -> None:
    """Only what holds today or later is current (TR349)."""
    nieuw = new_product(REGEL, nummer=13, besluit=Besluit(datum=VANDAAG, tijd="10:00:00"))

    assert with_current([nieuw], [over], vandaag=VANDAAG) == (nieuw,)


def test_a_changed_line_is_not_repeated_beside_itself() -> None:
    """The line with the same number takes the place of the version that counted."""
    changed = new_product(REGEL, nummer=LOPEND.toewijzing_nummer, besluit=Besluit(datum=VANDAAG, tijd="10:00:00"))

    assert with_current([changed], [LOPEND], vandaag=VANDAAG) == (changed,)


def test_a_granted_317_stands_on_every_line() -> None:
    """TR379 asks one reference on all products."""
    nieuw = new_product(REGEL, nummer=13, besluit=Besluit(datum=VANDAAG, tijd="10:00:00"))

    lines = with_current([nieuw], [LOPEND], vandaag=VANDAAG, referentie="vraag-2")

    assert {each.referentie_aanbieder for each in lines} == {"vraag-2"}


def test_the_header_is_that_of_the_gemeente() -> None:
    """Sender and receiver are the codes; the day of sending is the Dagtekening; an earlier 301's lines do not stay on the client."""
    nieuw = new_product(REGEL, nummer=13, besluit=Besluit(datum=VANDAAG, tijd="10:00:00"))
    stale = replace(CLIENT, toegewezen_producten=(new_product(REGEL, nummer=1, besluit=Besluit(datum=VANDAAG, tijd="01:00:00")),))

    bericht = compose_301(
        domein="iwmo", gemeente="0664", agb="42420001", client=stale, producten=[nieuw], identificatie="T00000000001", vandaag=VANDAAG
    )

    assert (bericht.header.bericht_code, bericht.header.afzender, bericht.header.ontvanger) == ("414", "0664", "42420001")
    assert bericht.header.bericht_identificatie.dagtekening == VANDAAG
    assert bericht.client == replace(CLIENT, toegewezen_producten=(nieuw,))


def test_a_301_without_lines_is_not_made() -> None:
    """The schema has no such bericht."""
    with pytest.raises(ValueError, match="at least one line"):
        compose_301(domein="ijw", gemeente="0664", agb="42420001", client=CLIENT, producten=[], identificatie="T1", vandaag=VANDAAG)

"""Warnings before sending: what is worth a look, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.composing.waarschuwen import Feiten, OpenVerzoek, Ruimte, warnings_about
from app.domain.toewijzing import Omvang
from tests.unit.composing.test_betekenis import line, region, versie

VANDAAG = date(2026, 7, 1)
KIND, ADULT = date(2014, 5, 3), date(1990, 1, 1)


def soorten(**changes: Any) -> list[str]:
    """The kinds of warnings about a line with nothing strange around it but these changes."""
    fields = {"versie": versie(), "region": region(line()), "geboortedatum": KIND, "vandaag": VANDAAG}
    return [each.soort for each in warnings_about(Feiten(**{**fields, **changes}))]


LOPEND = replace(versie(), toewijzing_nummer=12, ingangsdatum=date(2026, 1, 1), einddatum=date(2026, 7, 6), agb="42420002")


def test_nothing_strange_warns_of_nothing() -> None:
    """A warning that is always there is not read."""
    assert soorten() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"eigen": [LOPEND]}, ["overlap"], id="one day at another aanbieder"),
        pytest.param({"eigen": [replace(LOPEND, einddatum=date(2026, 7, 5))]}, [], id="joined"),
        pytest.param({"eigen": [replace(LOPEND, einddatum=None)]}, ["overlap"], id="open"),
        pytest.param({"eigen": [replace(LOPEND, code="45A05")]}, [], id="another product"),
        pytest.param({"eigen": [replace(LOPEND, code=None)]}, ["overlap"], id="the whole category"),
        pytest.param({"eigen": [replace(LOPEND, categorie=None, code=None)]}, ["overlap"], id="a product left open"),
        pytest.param({"eigen": [replace(LOPEND, einddatum=LOPEND.ingangsdatum, reden_wijziging="13")]}, [], id="deleted"),
        pytest.param({"region": region(line(tot=date(2026, 12, 31)))}, ["contract"], id="the contract ends"),
        pytest.param({"versie": versie(einddatum=None, omvang=Omvang(volume=1, eenheid="04", frequentie="4"))}, ["einddatum"], id="no end"),
        pytest.param({"vandaag": date(2026, 8, 7)}, ["verleden"], id="32 days ago"),
        pytest.param({"vandaag": date(2026, 8, 6)}, [], id="31 days ago"),
        pytest.param({"geboortedatum": date(2008, 7, 6)}, ["leeftijd"], id="18 on the first day"),
        pytest.param({"geboortedatum": date(2008, 7, 7)}, [], id="a day younger"),
        pytest.param({"geboortedatum": ADULT}, ["leeftijd"], id="adult"),
        pytest.param({"elders": True}, ["woonplaats"], id="care elsewhere"),
        pytest.param({"per_jaar": [(2026, 500)], "ruimte": [Ruimte(jaar=2026, zorgvorm="", budget_cent=1000, gebruikt_cent=501)]}, ["budget"],
                     id="a cent over"),
        pytest.param({"per_jaar": [(2026, 500)], "ruimte": [Ruimte(jaar=2026, zorgvorm="", budget_cent=1000, gebruikt_cent=500)]}, [],
                     id="just within"),
    ],
)  # fmt: skip
def test_what_is_warned_of(changes: dict[str, Any], expected: list[str]) -> None:
    """Each fact on both sides of its edge."""
    assert soorten(**changes) == expected


def test_the_wmo_is_for_adults() -> None:
    """Its free categories overlap with nothing."""
    wmo = replace(versie(), domein="iwmo", categorie="11")
    adult = {"geboortedatum": ADULT, "region": region()}

    assert "leeftijd" in soorten(versie=wmo)
    assert "leeftijd" not in soorten(versie=wmo, **adult)
    assert "overlap" not in soorten(versie=wmo, eigen=[replace(LOPEND, categorie="11")], **adult)


def test_words_say_who_what_and_what_to_do() -> None:
    """The same aanbieder is refused by the standard; a request names its reference; elsewhere names nobody."""
    verzoek = OpenVerzoek(
        bericht_nr=1, soort="315", agb="42420001", aanbieder_naam="De Veste", referentie="V-9", ontvangen=date(2026, 6, 30)
    )
    feiten = Feiten(
        versie=versie(), region=region(line()), geboortedatum=KIND, vandaag=VANDAAG, eigen=[replace(LOPEND, agb="42420001")],
        namen={"42420001": "De Veste"}, elders=True, verzoeken=[verzoek],
    )  # fmt: skip

    overlap, asked, elsewhere = (each.melding for each in warnings_about(feiten))

    assert "De Veste: toewijzing 12, tot en met 06-07-2026" in overlap
    assert "TR302" in overlap
    assert "V-9" in asked
    assert "verzoek om toewijzing (315)" in asked
    assert "een andere gemeente in de regio" in elsewhere

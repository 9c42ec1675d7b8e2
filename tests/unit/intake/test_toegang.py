"""Who may send what for whom: every reason against it in one sentence for the sender."""

from __future__ import annotations

from datetime import date

import pytest

from app.adapters.xml import Accepted
from app.domain.partij import Actor
from app.intake.toegang import DoorGegevens, Toegang, check_toegang
from app.standard import catalogue

VANDAAG = date(2026, 6, 3)


def make_accepted(nummer: str, *, afzender: str, ontvanger: str) -> Accepted:
    """A bericht that passed the structure check."""
    soort = catalogue.soort("ijw", nummer)
    van, aan = catalogue.richting(soort, afzender, ontvanger)
    return Accepted(
        soort=soort,
        afzender=afzender,
        ontvanger=ontvanger,
        van=van,
        aan=aan,
        identificatie="1",
        dagtekening=VANDAAG,
        identificatie_retour=None,
        basis_xsd_versie="1.0.0",
        bericht_xsd_versie="1.0.0",
        sha256=b"\0" * 32,
        size=1,
    )


def check(accepted: Accepted, *partijen: str, bekend: bool = True) -> Toegang:
    """The check for an actor of these parties."""
    actor = Actor(naam="test", partijen=frozenset(partijen))
    return check_toegang(accepted, actor, DoorGegevens(gemeente_bekend=bekend), vandaag=VANDAAG)


@pytest.mark.parametrize(
    ("nummer", "afzender", "ontvanger", "van", "aan"),
    [
        ("301", "0664", "42420001", "gemeente:0664", "aanbieder:42420001"),
        ("302", "0664", "42420001", "aanbieder:42420001", "gemeente:0664"),
        ("323", "42420001", "0664", "aanbieder:42420001", "gemeente:0664"),
    ],
)
def test_the_real_sender_is_known_also_of_a_retourbericht(nummer: str, afzender: str, ontvanger: str, van: str, aan: str) -> None:
    """Of a 302 it is the Ontvanger in the header (IV028)."""
    toegang = check(make_accepted(nummer, afzender=afzender, ontvanger=ontvanger), van)

    assert (toegang.van, toegang.aan) == (van, aan)
    assert (toegang.gemeente, toegang.agb) == ("0664", "42420001")
    assert toegang.bevindingen == ()


def test_the_sender_code_of_somebody_else_is_refused() -> None:
    """The sentence names both, the path is that of the code."""
    toegang = check(make_accepted("323", afzender="42420001", ontvanger="0664"), "aanbieder:42420002")

    [bevinding] = toegang.bevindingen
    assert bevinding.pad == "/Bericht/Header/Afzender"
    assert "aanbieder:42420001" in bevinding.melding
    assert "aanbieder:42420002" in bevinding.melding


def test_the_code_of_somebody_else_in_a_302_is_found_at_ontvanger() -> None:
    """That is where the real sender of a retourbericht stands."""
    toegang = check(make_accepted("302", afzender="0664", ontvanger="42420001"), "aanbieder:42420002")

    assert [bevinding.pad for bevinding in toegang.bevindingen] == ["/Bericht/Header/Ontvanger"]


def test_a_mandate_for_several_parties_covers_each_of_them() -> None:
    """A token of an administration office sends for all its parties."""
    accepted = make_accepted("323", afzender="42420001", ontvanger="0664")

    assert check(accepted, "aanbieder:42420002", "aanbieder:42420001").bevindingen == ()


def test_a_gemeente_outside_the_region_is_refused() -> None:
    """The sentence says where the bericht should go."""
    toegang = check(make_accepted("323", afzender="42420001", ontvanger="0363"), "aanbieder:42420001", bekend=False)

    [bevinding] = toegang.bevindingen
    assert bevinding.pad == "/Bericht/Header/Ontvanger"
    assert bevinding.melding == "Gemeente 0363 doet op 03-06-2026 niet mee in deze regio. Stuur dit bericht naar die gemeente zelf."


@pytest.mark.parametrize("nummer", ["308", "325"])
def test_an_answer_in_the_name_of_the_gemeente_is_ours_to_give(nummer: str) -> None:
    """A gemeente that sends one itself is told so."""
    afzender, ontvanger = ("42420001", "0664") if nummer == "308" else ("0664", "42420001")
    toegang = check(make_accepted(nummer, afzender=afzender, ontvanger=ontvanger), "gemeente:0664")

    assert "Solidair antwoordt namens gemeente 0664" in toegang.bevindingen[0].melding


def test_every_reason_is_given_at_once() -> None:
    """Wrong sender and unknown gemeente are two findings."""
    toegang = check(make_accepted("323", afzender="42420001", ontvanger="0363"), bekend=False)

    assert len(toegang.bevindingen) == 2


@pytest.mark.parametrize("nummer", ["315", "317", "320"])
def test_requests_of_an_aanbieder_are_taken_in(nummer: str) -> None:
    """What an aanbieder may send is let through; a 320 carries the Afzender of the 319 it answers (IV028)."""
    afzender, ontvanger = ("0664", "42420001") if nummer == "320" else ("42420001", "0664")
    toegang = check(make_accepted(nummer, afzender=afzender, ontvanger=ontvanger), "aanbieder:42420001")

    assert toegang.bevindingen == ()

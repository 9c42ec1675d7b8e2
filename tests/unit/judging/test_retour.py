"""What a 302 does to the 301 that it answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.bericht import Bericht
from app.judging.retour import Gevolg, Verzonden, beoordeel_retour
from tests.builders import make_header


def make_302(*codes: str) -> Bericht:
    """An answer that accepts, or rejects with codes."""
    header = replace(make_header("301", identificatie="ID301"), retour_codes=codes)
    return Bericht(domein="ijw", soort="302", header=header)


def verzonden(status: str = "klaar", *, heeft_toegekend: bool = False) -> Verzonden:
    """A 301 that left."""
    return Verzonden(bericht_nr=7, status=status, heeft_toegekend=heeft_toegekend)


@pytest.mark.parametrize("status", ["klaar", "bezorgd"])
def test_without_codes_the_301_is_answered(status: str) -> None:
    """Whether it was fetched already or only stands in the postvak (IV028)."""
    oordeel = beoordeel_retour(make_302(), verzonden(status))

    assert (oordeel.gevolg, oordeel.verzonden_nr, oordeel.park_reden, oordeel.bevindingen) == (Gevolg.BEANTWOORD, 7, None, ())


@pytest.mark.parametrize("codes", [("0001",), ("9056", "9332")])
def test_with_codes_the_301_counts_as_not_sent(codes: tuple[str, ...]) -> None:
    """OP286."""
    oordeel = beoordeel_retour(make_302(*codes), verzonden())

    assert (oordeel.gevolg, oordeel.verzonden_nr, oordeel.park_reden) == (Gevolg.INGETROKKEN, 7, None)


def test_a_rejection_under_granted_money_is_for_a_person() -> None:
    """Undoing the toewijzing would take the ground from what is booked; accepting it is no problem."""
    oordeel = beoordeel_retour(make_302("0001"), verzonden(heeft_toegekend=True))

    assert oordeel.gevolg is Gevolg.NIETS
    assert oordeel.park_reden is not None
    assert "al prestaties zijn toegekend" in oordeel.park_reden
    assert beoordeel_retour(make_302(), verzonden(heeft_toegekend=True)).gevolg is Gevolg.BEANTWOORD


def test_an_answer_to_nothing_is_a_finding() -> None:
    """The sender is told which Identificatie it named."""
    oordeel = beoordeel_retour(make_302(), None)

    [bevinding] = oordeel.bevindingen
    assert (oordeel.gevolg, oordeel.verzonden_nr, oordeel.park_reden) == (Gevolg.NIETS, None, None)
    assert (bevinding.regel, bevinding.waarde, bevinding.regelnummer) == ("IV028", "ID301", 2)
    assert "geen bericht met Identificatie ID301" in bevinding.melding


@pytest.mark.parametrize("status", ["beantwoord", "afgekeurd_door_ontvanger", "afgekeurd", "ontvangen", "geparkeerd"])
@pytest.mark.parametrize("codes", [(), ("0001",)])
def test_a_second_answer_has_no_effect(status: str, codes: tuple[str, ...]) -> None:
    """Nor has one to a 301 that never left."""
    oordeel = beoordeel_retour(make_302(*codes), verzonden(status))

    assert oordeel.gevolg is Gevolg.NIETS
    assert oordeel.park_reden is None
    assert "al beantwoord" in oordeel.bevindingen[0].melding

"""What follows from the facts of one bericht: its course, whether it is late, and who may read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.partij import Actor, Rol
from app.reports import BerichtRegel
from app.reports.berichten import Bezorging, mag_inhoud_zien, verloop

NU = datetime(2026, 7, 7, 7, tzinfo=UTC)
MINUUT = timedelta(minutes=1)


def bericht(**anders: Any) -> BerichtRegel:
    values: dict[str, Any] = {
        "bericht_nr": 1,
        "richting": "in",
        "domein": "ijw",
        "soort": "323",
        "van": "aanbieder:42420001",
        "aan": "gemeente:0664",
        "gemeente": "0664",
        "identificatie": "1",
        "status": "verwerkt",
        "ontvangen_op": NU,
        "ontvangst_datum": NU.date(),
        "beoordeeld_op": NU + MINUUT,
        "termijn": None,
        "ingediend_cent": None,
        "toegekend_cent": None,
        "aantal_regels": None,
        "grootte": 1,
        "antwoord_nr": None,
        "antwoord_op_nr": None,
        "park_reden": None,
    }
    return BerichtRegel(**{**values, **anders})


def test_course_runs_from_receipt_to_fetching_and_ends_with_what_has_not_happened() -> None:
    answer = bericht(richting="uit", soort="325", ontvangen_op=NU + 2 * MINUUT)
    laid = Bezorging(partij="aanbieder:42420001", klaar_op=NU + 3 * MINUUT, ontvangen_op=None)

    steps = verloop(bericht(van_naam="De Zorg"), answer, [laid])

    assert [step.naam for step in steps] == ["Ontvangen", "Beoordeeld", "Antwoord gemaakt", "Klaargelegd in postvak", "Opgehaald"]
    assert steps[-1].op is None
    assert steps[-1].toelichting == "De Zorg"


@pytest.mark.parametrize(
    ("status", "namen"),
    [
        ("geweigerd", ["Geweigerd aan de deur"]),
        ("geparkeerd", ["Ontvangen", "Geparkeerd"]),
        ("ontvangen", ["Ontvangen", "Beoordeeld"]),
    ],
)
def test_course_of_a_bericht_that_went_no_further(status: str, namen: list[str]) -> None:
    assert [step.naam for step in verloop(bericht(status=status, beoordeeld_op=None), None, [])] == namen


def test_bericht_is_late_the_day_after_its_term_while_something_is_owed() -> None:
    term = date(2026, 7, 7)
    waiting = bericht(status="ontvangen", termijn=term)

    assert not waiting.is_te_laat(term)
    assert waiting.is_te_laat(term + timedelta(days=1))
    assert not bericht(status="verwerkt", termijn=term, termijn_voldaan_op=term).is_te_laat(term + timedelta(days=1))


def test_a_term_that_was_met_stays_met_in_time_or_late() -> None:
    term = date(2026, 7, 7)

    assert not bericht(termijn=term, termijn_voldaan_op=term).is_te_laat_voldaan
    assert bericht(termijn=term, termijn_voldaan_op=term + timedelta(days=1)).is_te_laat_voldaan
    assert not bericht(termijn=term).is_te_laat_voldaan


def test_rejected_money_is_known_once_it_is_judged() -> None:
    assert bericht(ingediend_cent=100).afgewezen_cent is None
    assert bericht(ingediend_cent=100, toegekend_cent=40).afgewezen_cent == 60


def test_bericht_of_unknown_type_has_a_name() -> None:
    refused = bericht(domein=None, soort=None, status="geweigerd")

    assert (refused.code, refused.naam) == ("onbekend", "bericht van onbekende soort")


@pytest.mark.parametrize(
    ("actor", "mag"),
    [
        (Actor(naam="a", gemeenten=None, rollen=frozenset({Rol.UITVAL})), True),
        (Actor(naam="a", gemeenten=None, rollen=frozenset({Rol.TOEGANG})), True),
        (Actor(naam="a", gemeenten=None, rollen=frozenset({Rol.BEHEER})), True),
        (Actor(naam="a", gemeenten=None, rollen=frozenset({Rol.CONTROLLER, Rol.INZAGE, Rol.CONTRACTBEHEER})), False),
        (Actor(naam="a", partijen=frozenset({"aanbieder:42420001"}), rollen=frozenset({Rol.INZAGE})), True),
        (Actor(naam="a", partijen=frozenset({"aanbieder:42420002"}), rollen=frozenset({Rol.INZAGE})), False),
    ],
)
def test_content_is_for_who_works_with_persons_or_sent_it(actor: Actor, mag: bool) -> None:
    assert mag_inhoud_zien(actor, "aanbieder:42420001", None) is mag

"""Per rule, what of the past it looks at: no more and no less than it declares, and nothing at all at niveau 2.

Every test here asks for the fixture, so that none of them is taken for a case of a rule.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from app.domain.snapshot import Kijk, Snapshot
from app.standard import catalogue
from app.standard.rules import BERICHTINHOUD, registered_rules
from app.standard.rules.facts import FEITEN
from tests.builders import make_323, make_kijk, make_prestatie, make_snapshot
from tests.unit.standard.rules.gevallen import find_rule
from tests.unit.standard.rules.optekenen import (
    FEITEN_VAN_VELD,
    RUST_OOK_OP,
    VAN_HET_BERICHT,
    VRAGEN_EEN_LIJST,
    Bekeken,
    look_over_every_case,
    noting_rule,
    who_can_see,
)

CHECKOUT = Path(__file__).resolve().parents[4]
RULES = CHECKOUT / "app" / "standard" / "rules"
ALLEEN_REGIO = frozenset({"plafond", "budget"})
"""Facts that no sender can see; a rule that declared one could only park berichten."""


@pytest.fixture(scope="module")
def bekeken() -> Bekeken:
    """What every rule read in every case of this folder."""
    return look_over_every_case()


def test_each_field_of_the_past_belongs_to_a_fact(bekeken: Bekeken) -> None:
    """A field that is added to Kijk or Snapshot gets a place here, and so somebody who may see it."""
    past = {f"kijk.{field.name}" for field in fields(Kijk)} | {f"snapshot.{field.name}" for field in fields(Snapshot)}

    assert past == (FEITEN_VAN_VELD.keys() | VAN_HET_BERICHT) - {"lijst.gemeenten"}
    assert frozenset().union(*FEITEN_VAN_VELD.values()) == FEITEN.keys() - ALLEEN_REGIO


def test_a_rule_reads_only_facts_that_it_declares(bekeken: Bekeken) -> None:
    """The rule itself and the sentence of its finding (OP095: the engine asks of the declared facts whether the sender can see them)."""
    undeclared = {
        f"{regel.functie.__name__} reads {field}"
        for regel in registered_rules()
        for field in bekeken.van(regel)
        if not FEITEN_VAN_VELD[field] & set(regel.kijkt_naar)
    }

    assert undeclared == set()


def test_no_rule_declares_a_fact_that_it_never_reads(bekeken: Bekeken) -> None:
    """Otherwise a finding might be held back for a fact that has nothing to do with it."""
    unread = {
        f"{regel.functie.__name__} never reads {feit}"
        for regel in registered_rules()
        for feit in regel.kijkt_naar
        if not any(feit in FEITEN_VAN_VELD[field] | RUST_OOK_OP.get(field, frozenset()) for field in bekeken.van(regel))
    }

    assert unread == set()


def test_rules_of_niveau_2_read_nothing_of_the_past(bekeken: Bekeken) -> None:
    """0001 is decided by the bericht alone: not even by the day of receipt."""
    read = {regel.functie.__name__: bekeken.van(regel) for regel in registered_rules() if regel.niveau == BERICHTINHOUD}

    assert {name: found for name, found in read.items() if found} == {}
    assert len(read) > 40


def test_op095_no_rule_rests_on_what_its_sender_cannot_see(bekeken: Bekeken) -> None:
    """Each fact of a rule is visible to whoever sends its berichten; so a plafond or budget never rejects (DESIGN section 5)."""
    visible = who_can_see()
    hidden = {
        f"{regel.functie.__name__}: {feit} in a {nummer}"
        for regel in registered_rules()
        for feit in regel.kijkt_naar
        for domein in regel.domeinen
        for nummer in regel.berichten
        if catalogue.soort(domein, nummer).van not in visible[feit]
    }

    assert hidden == set()
    assert {feit for feit, seen in visible.items() if not seen} == ALLEEN_REGIO


def test_op364_no_prestatie_is_compared_with_starts_and_stops(bekeken: Bekeken) -> None:
    """Neither declared nor read."""
    read = {regel.code: bekeken.van(regel) for regel in registered_rules() if "323" in regel.berichten}

    assert [code for code, found in read.items() if found & {"kijk.leveringen", "snapshot.leveringen"}] == []


def test_lists_outside_the_berichten_are_noted(bekeken: Bekeken) -> None:
    """A rule that asks another list than that of gemeenten escapes `optekenen` until it is named there."""
    ask = {path.stem for path in RULES.glob("*.py") if re.search(r"^from app\.standard\.codelists import", path.read_text(), re.MULTILINE)}

    assert ask == VRAGEN_EEN_LIJST


def test_what_a_rule_reads_is_noted(bekeken: Bekeken) -> None:
    """The notes are not empty by themselves: a rule that looks at other facts than it says is seen, in its sentence too."""
    prestatie = make_prestatie()
    kijk = make_kijk(make_323(prestatie), snapshot=make_snapshot(goedgekeurd=frozenset({("0664", 1)})))
    honest = find_rule("TR338", prestatie, kijk)

    def peeks(_: object, kijk: Kijk) -> bool:
        return kijk.snapshot.actueel("0664", 1001) is not None and not kijk.tarieven

    found = Bekeken(door_regel={"peeks": set()}, door_melding={"peeks": set()})
    sly = noting_rule(replace(honest, functie=peeks, melding=lambda _, kijk: f"{kijk.besteed}"), found)
    assert sly.functie(prestatie, kijk) is False
    assert sly.melding(prestatie, kijk) == "0"

    assert found.van(replace(honest, functie=peeks)) == {"snapshot.toewijzingen", "kijk.tarieven", "kijk.besteed"}
    assert "kijk.toewijzing" in bekeken.van(honest)


def test_the_page_about_rules_and_the_past_is_what_the_rules_do(bekeken: Bekeken) -> None:
    """When this fails: python tools/make_past_doc.py."""
    spec = importlib.util.spec_from_file_location("make_past_doc", CHECKOUT / "tools" / "make_past_doc.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    assert (CHECKOUT / "docs" / "rules-and-the-past.md").read_text(encoding="utf-8") == tool.document(bekeken)

"""Who can take away a cause of rejection, and what every cause is called."""

from __future__ import annotations

import pytest

from app.reports import Oplosser, advies, betekenis
from app.reports.oorzaken import _ADVIES
from app.standard.codelists import rows
from app.standard.rules import registered_rules


def test_every_retourcode_with_a_rule_has_a_meaning_and_its_sentence_ends() -> None:
    for row in rows("ijw", "RetourCode"):
        assert betekenis(row.regel or "", row.code)
        if row.regel:
            assert advies(row.regel, "aanbieder")[1].endswith(".")


def test_every_rule_that_is_enforced_is_called_by_what_is_wrong() -> None:
    unnamed = {rule.code for rule in registered_rules() if betekenis(rule.code, rule.retourcode) == f"Regel {rule.code} klopt niet"}

    assert unnamed == set()


def test_every_rule_against_earlier_berichten_has_advice_of_its_own() -> None:
    assert {rule.code for rule in registered_rules() if rule.retourcode != "0001"} - _ADVIES.keys() == set()


@pytest.mark.parametrize("regel", sorted(_ADVIES))
def test_advice_is_one_line_in_plain_words(regel: str) -> None:
    _, zin = advies(regel, "aanbieder")

    assert zin[0].isupper()
    assert zin.endswith(".")
    assert len(zin) <= 140


def test_sender_solves_what_is_its_own_fault() -> None:
    assert advies("TR056", "aanbieder")[0] is Oplosser.AANBIEDER
    assert advies("TR056", "gemeente")[0] is Oplosser.TOEGANG


@pytest.mark.parametrize(
    ("regel", "oplosser"),
    [("TR338", Oplosser.TOEGANG), ("TR418", Oplosser.CONTRACTBEHEER), ("TOEGANG", Oplosser.WIJ), ("CS002", Oplosser.AANBIEDER)],
)
def test_cause_goes_to_who_can_take_it_away(regel: str, oplosser: Oplosser) -> None:
    assert advies(regel, "aanbieder")[0] is oplosser


@pytest.mark.parametrize(
    ("regel", "retourcode", "zin"),
    [
        ("TR322", "9322", "De volumes van alle prestaties samen zijn hoger dan is toegewezen"),
        ("TR358", "0001", "Het totaalbedrag is niet de som van de prestaties"),
        ("CS002", "0001", "Het BSN voldoet niet aan de elfproef"),
        ("XSD", "", "De opbouw van het bericht klopt niet met het schema"),
        ("OP999", "", "Regel OP999 klopt niet"),
    ],
)
def test_cause_is_called_after_its_retourcode_or_else_its_rule(regel: str, retourcode: str, zin: str) -> None:
    assert betekenis(regel, retourcode) == zin

"""The engine: what a finding holds, facts hidden from the sender, and rules that raise."""

from __future__ import annotations

import pytest

from app.domain.bericht import Client
from app.domain.declaratie import Prestatie
from app.domain.errors import Parkeren
from app.domain.snapshot import Kijk
from app.standard.rules import BERICHTOVERSTIJGEND, Regel, evaluate, rules_for
from app.standard.rules.engine import rule, value_at
from app.standard.rules.facts import FEITEN
from tests.builders import make_client, make_kijk, make_prestatie, make_toewijzing


def a_rule(functie: object, *, kijkt_naar: tuple[str, ...] = (), melding: object = lambda klasse, kijk: "Zo kan het niet.") -> Regel:
    """A rule that is not registered."""
    return Regel(
        code="TR000",
        retourcode="9999",
        niveau=BERICHTOVERSTIJGEND,
        berichten=("323",),
        domeinen=("ijw",),
        klassen=(Prestatie,),
        element="GeleverdVolume",
        melding=melding,  # type: ignore[arg-type]
        kijkt_naar=kijkt_naar,
        alleen=None,
        functie=functie,  # type: ignore[arg-type]
    )


def refuse(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Holds never."""
    return False


def crash(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Cannot be judged."""
    raise ZeroDivisionError


def test_a_finding_names_path_line_value_and_code() -> None:
    """One form for every rule."""
    (bevinding,) = evaluate([a_rule(refuse)], make_prestatie(regelnummer=17), make_kijk(), "/Bericht/X[2]")

    assert bevinding.as_dict() == {
        "regel": "TR000",
        "retourcode": "9999",
        "pad": "/Bericht/X[2]/GeleverdVolume",
        "regelnummer": 17,
        "waarde": "8",
        "melding": "Zo kan het niet.",
    }


def test_all_findings_are_collected() -> None:
    """Not the first only."""
    assert len(evaluate([a_rule(refuse), a_rule(refuse)], make_prestatie(), make_kijk(), "/Bericht/X")) == 2


def test_a_rule_that_raises_parks() -> None:
    """Never an approval; the reason names rule, class and line, no value."""
    with pytest.raises(Parkeren) as parked:
        evaluate([a_rule(crash)], make_prestatie(regelnummer=17), make_kijk(), "/Bericht/X")

    assert parked.value.reden == "regel TR000 kon niet worden beoordeeld op Prestatie, regel 17: ZeroDivisionError"


def test_a_rule_that_raises_after_one_that_fails_parks_too() -> None:
    """A finding is no excuse for not being able to judge."""
    with pytest.raises(Parkeren):
        evaluate([a_rule(refuse), a_rule(crash)], make_prestatie(), make_kijk(), "/Bericht/X")


def test_a_sentence_that_cannot_be_made_parks() -> None:
    """The finding would be incomplete."""
    with pytest.raises(Parkeren, match="TR000"):
        evaluate([a_rule(refuse, melding=lambda klasse, kijk: klasse.nothing)], make_prestatie(), make_kijk(), "/Bericht/X")


@pytest.mark.parametrize("feit", ["plafond", "budget"])
def test_op095_a_finding_on_a_hidden_fact_is_refused(feit: str) -> None:
    """The region's own facts, and a toewijzing of another aanbieder."""
    with pytest.raises(Parkeren, match="OP095"):
        evaluate([a_rule(refuse, kijkt_naar=(feit,))], make_prestatie(), make_kijk(), "/Bericht/X")
    hidden = make_kijk(toewijzing=make_toewijzing(agb="42420002"))
    with pytest.raises(Parkeren, match="OP095"):
        evaluate([a_rule(refuse, kijkt_naar=("toewijzing",))], make_prestatie(), hidden, "/Bericht/X")


def test_op095_what_both_parties_know_may_be_used() -> None:
    """Visible to the aanbieder that sends."""
    for feit in ("toewijzing", "verbruik", "tarieven", "debet", "leveringen", "identificaties"):
        assert evaluate([a_rule(refuse, kijkt_naar=(feit,))], make_prestatie(), make_kijk(), "/Bericht/X")
    assert set(FEITEN) >= {"plafond", "budget"}


def test_registering_asks_the_code_in_the_name_and_known_facts() -> None:
    """One search for TR321 finds rule, test and retourcode."""
    with pytest.raises(ValueError, match="TR999"):
        rule("TR999", berichten=("323",), klasse=Prestatie, melding=lambda klasse, kijk: "")(refuse)

    def tr999_holds(prestatie: Prestatie, kijk: Kijk) -> bool:
        return True

    with pytest.raises(ValueError, match="weer"):
        rule("TR999", berichten=("323",), klasse=Prestatie, melding=lambda klasse, kijk: "", kijkt_naar=("weer",))(tr999_holds)


def test_rules_are_selected_by_domein_bericht_class_level_and_variant() -> None:
    """A 305 has no rules about Prestatie; a credit has fewer than a debit."""
    debet = rules_for("ijw", "323", Prestatie, inhoud=False, variant="D")
    credit = rules_for("ijw", "323", Prestatie, inhoud=False, variant="C")

    assert not rules_for("ijw", "305", Prestatie, inhoud=False, variant="D")
    assert {regel.code for regel in credit} == {"TR314", "TR319", "TR323", "TR338", "TR390"}
    assert len(debet) == 17


def test_values_are_shown_unless_personal() -> None:
    """Amounts and periods as text, nothing of a Client."""
    prestatie = make_prestatie()

    assert value_at(prestatie, "IngediendBedrag") == "48000 D"
    assert value_at(prestatie, "ProductPeriode") == "2026-05-01 t/m 2026-05-31"
    assert value_at(prestatie, "ProductPeriode/Einddatum") == "2026-05-31"
    assert value_at(prestatie, "ProductReferentie/VorigReferentieNummer") is None
    assert value_at(prestatie, None) is None
    assert value_at(make_client(), "Geboortedatum/Datum") == "***"
    assert isinstance(make_client(), Client)

"""The catalogue: one row for each of the 28 berichtsoorten, and the questions it answers."""

from __future__ import annotations

import pytest

from app.standard import catalogue
from app.standard.catalogue import by_bericht_code, by_code, by_namespace, richting, soort


def test_catalogue_holds_14_soorten_of_each_domein() -> None:
    """Both domeinen have the same 14 nummers, and every code occurs once."""
    alle = catalogue.alle()

    assert len(alle) == len({each.code for each in alle}) == len({each.namespace for each in alle}) == 28
    assert [each.nummer for each in alle if each.domein == "ijw"] == [each.nummer for each in alle if each.domein == "iwmo"]


@pytest.mark.parametrize("each", catalogue.alle(), ids=lambda each: each.code)
def test_every_lookup_finds_the_same_row(each: catalogue.BerichtSoort) -> None:
    """By nummer, code, namespace and BerichtCode."""
    assert soort(each.domein, each.nummer) is each
    assert by_code(each.code) is each
    assert by_namespace(each.namespace) is each
    assert by_bericht_code(each.domein, each.bericht_code) is each


def test_lookup_of_what_does_not_exist() -> None:
    """A namespace or BerichtCode comes from a sender and may be anything; a nummer comes from us and may not."""
    assert by_namespace("http://example.com") is None
    assert by_bericht_code("iwmo", "436") is None
    with pytest.raises(KeyError):
        soort("ijw", "399")


@pytest.mark.parametrize("nummer", ["302", "306", "308", "316", "318", "320"])
def test_iv028_a_retourbericht_has_its_addressee_as_afzender(nummer: str) -> None:
    """Header/Afzender of a retourbericht is the sender of the heenbericht."""
    retour = soort("ijw", nummer)
    heen = soort("ijw", str(retour.antwoord_op))

    assert retour.is_retour
    assert retour.header_afzender_is == heen.van == retour.naar
    assert richting(retour, "afzender", "ontvanger") == ("ontvanger", "afzender")


def test_a_325_is_a_bericht_of_its_own() -> None:
    """It answers the 323 but the gemeente that sends it is its Afzender; it has no answer itself."""
    antwoord = soort("iwmo", "325")

    assert not antwoord.is_retour
    assert antwoord.antwoord is None
    assert antwoord.antwoord_op == "323"
    assert richting(antwoord, "0384", "42420001") == ("0384", "42420001")


def test_terms_for_an_answer() -> None:
    """Three working days, ten for a declaratie, none where no answer is owed (OP090, OP090x4)."""
    terms = {each.nummer: each.antwoord_termijn_werkdagen for each in catalogue.alle()}

    assert {nummer for nummer, term in terms.items() if term == 3} == {"301", "305", "307", "315", "317", "319"}
    assert terms["323"] == 10
    assert all((each.antwoord is None) == (each.antwoord_termijn_werkdagen is None) for each in catalogue.alle())


def test_woonplaatsbeginsel_is_of_the_jeugdwet_alone() -> None:
    """The class and its key are absent in iWmo."""
    assert "Woonplaatsbeginsel" in soort("ijw", "319").klassen
    assert "Woonplaatsbeginsel" not in soort("iwmo", "319").klassen
    assert "Woonplaatsbeginsel" not in soort("iwmo", "319").sleutels

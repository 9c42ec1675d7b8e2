"""The explanation of a match: the first condition that fails, in the words of who may know what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.snapshot import ProductOpDatum
from app.judging.matching import Contractfeit, Feiten, Voorwaarde, leg_uit
from tests.builders import (
    AGB,
    CATEGORIE,
    CODE,
    GEMEENTE,
    make_debet,
    make_prestatie,
    make_tariefregel,
    make_toewijzing,
)

HOOFD = "42420009"
AMBULANT = ProductOpDatum(categorie=CATEGORIE, code=CODE, zorgvorm="ambulant", geldig_van=date(2020, 1, 1))


def make_contract(**changes: Any) -> Contractfeit:
    """The aanbieder's own contract J1 for all gemeenten, with the default tariff line."""
    fields = {"contract": "J1", "houder": AGB, "van": date(2020, 1, 1), "tot": None, "tarieven": (make_tariefregel(),)}
    return Contractfeit(**{**fields, **changes})


def make_feiten(*contracten: Contractfeit, **changes: Any) -> Feiten:
    """Facts under which the default prestatie (eight hours in May 2026 at € 60,00) matches."""
    fields = {
        "agb": AGB,
        "gemeente": GEMEENTE,
        "drager": GEMEENTE,
        "toewijzing": make_toewijzing(),
        "producten": (AMBULANT,),
        "contracten": contracten or (make_contract(),),
    }
    return Feiten(**{**fields, **changes})


def gemist(feiten: Feiten, **prestatie: Any) -> Voorwaarde:
    """The condition that the default prestatie fails."""
    found = leg_uit(make_prestatie(**prestatie), feiten).gemist
    assert found is not None
    return found


def test_a_match_names_contract_line_and_zorgvorm() -> None:
    """Everything holds: the line that the judging finds too."""
    uitleg = leg_uit(make_prestatie(), make_feiten())

    assert uitleg.gemist is None
    assert (uitleg.contract, uitleg.zorgvorm, uitleg.tariefregel) == ("J1", "ambulant", make_tariefregel())
    assert all(each.voldaan for each in uitleg.voorwaarden)


def test_the_first_condition_that_fails_is_the_last_that_is_named() -> None:
    """What comes after it is not asked."""
    uitleg = leg_uit(make_prestatie(), make_feiten(toewijzing=None, contracten=()))

    assert [(each.naam, each.voldaan) for each in uitleg.voorwaarden] == [("toewijzing", False)]


@pytest.mark.parametrize(
    ("changes", "naam", "zin"),
    [
        ({"toewijzing": None}, "toewijzing", "Toewijzing 1001 van gemeente 0664 is voor deze cliënt bij deze aanbieder niet bekend."),
        ({"toewijzing": make_toewijzing(reden_wijziging="13")}, "toewijzing", "Toewijzing 1001 is door de gemeente verwijderd."),
        (
            {"toewijzing": make_toewijzing(einddatum=date(2026, 4, 30))},
            "periode van de toewijzing",
            "Toewijzing 1001 loopt van 01-01-2026 tot en met 30-04-2026; de periode begint op 01-05-2026.",
        ),
        (
            {"toewijzing": make_toewijzing(code="45A99")},
            "product van de toewijzing",
            "Toegewezen is 45 45A99; gedeclareerd is 45 45A04.",
        ),
        ({"producten": (), "contracten": ()}, "product in de regio", "Product 45 45A04 is in deze regio onbekend."),
    ],
)
def test_what_both_may_know_is_said_to_both(changes: dict[str, Any], naam: str, zin: str) -> None:
    """Toewijzing and product are known to the aanbieder."""
    found = gemist(make_feiten(**changes))

    assert (found.naam, found.aanbieder, found.contractbeheer) == (naam, zin, zin)


def test_a_product_that_only_the_contract_knows_is_booked_under_no_zorgvorm() -> None:
    """As the judging does; the contract desk reads what is missing in the region."""
    uitleg = leg_uit(make_prestatie(), make_feiten(producten=()))

    assert (uitleg.gemist, uitleg.zorgvorm, uitleg.contract) == (None, None, "J1")
    assert any("zonder zorgvorm" in each.contractbeheer for each in uitleg.voorwaarden)


def test_a_contract_that_ended() -> None:
    """With the day on which it did."""
    found = gemist(make_feiten(make_contract(tot=date(2025, 12, 31))))

    assert found.contractbeheer == "Contract J1 loopt af op 31-12-2025; de periode begint op 01-05-2026."
    assert found.aanbieder == "Uw contract J1 loopt af op 31-12-2025; de periode begint op 01-05-2026."


def test_no_tariff_line_on_the_day_says_what_there_is() -> None:
    """The days of other lines, with their tariffs."""
    old = make_tariefregel(geldig_van=date(2026, 1, 1), geldig_tot=date(2026, 4, 30))
    found = gemist(make_feiten(make_contract(tarieven=(old,))))

    assert found.contractbeheer == (
        "Geen tariefregel voor 45A04 per eenheid 04 in contract J1 op 01-05-2026; wel van 01-01-2026 tot en met 30-04-2026 (€ 60,00)."
    )


def test_another_eenheid_and_another_tariff() -> None:
    """What is agreed instead."""
    per_etmaal = make_contract(tarieven=(make_tariefregel(eenheid="14"),))
    assert gemist(make_feiten(per_etmaal)).aanbieder.endswith("per eenheid 04 op 01-05-2026; wel per eenheid 14.")

    found = gemist(make_feiten(), product_tarief=6500)
    assert found.naam == "tarief"
    assert found.aanbieder == "Uw contract J1 heeft voor 45A04 per eenheid 04 op 01-05-2026 tarief € 60,00; gedeclareerd is € 65,00."


@pytest.mark.parametrize(
    ("deelname", "zin"),
    [
        (
            ((date(2020, 1, 1), date(2026, 2, 28)),),
            "Gemeente 0664 neemt per 01-03-2026 niet meer deel aan zorgvorm ambulant; contract J1 geldt voor deelnemers.",
        ),
        (
            ((date(2026, 7, 1), None),),
            "Gemeente 0664 neemt op 01-05-2026 niet deel aan zorgvorm ambulant, pas per 01-07-2026; contract J1 geldt voor deelnemers.",
        ),
        ((), "Gemeente 0664 neemt op 01-05-2026 niet deel aan zorgvorm ambulant; contract J1 geldt voor deelnemers."),
    ],
)
def test_joint_purchase_is_explained_to_the_contract_desk_only(deelname: Any, zin: str) -> None:
    """The aanbieder reads for which gemeente its contract does not hold, not who takes part in what."""
    found = gemist(make_feiten(deelname=deelname))

    assert found.contractbeheer == zin
    assert found.aanbieder == "Uw contract J1 geldt op 01-05-2026 niet voor gemeente 0664."


def test_a_contract_that_names_the_gemeente_needs_no_joint_purchase() -> None:
    """Local purchase counts regardless."""
    assert leg_uit(make_prestatie(), make_feiten(make_contract(gemeenten=frozenset({GEMEENTE})), deelname=())).gemist is None


def test_of_a_main_contractor_the_aanbieder_reads_neither_name_nor_contract() -> None:
    """OP095: another party is not visible to it, whichever condition fails."""
    onder = make_contract(contract="H7", houder=HOOFD, via_van=date(2025, 1, 1), via_tot=date(2025, 12, 31))
    cases = [
        make_feiten(onder),
        make_feiten(make_contract(contract="H7", houder=HOOFD, tot=date(2025, 12, 31))),
        make_feiten(make_contract(contract="H7", houder=HOOFD, tarieven=())),
        make_feiten(make_contract(contract="H7", houder=HOOFD, gemeenten=frozenset({"0687"}))),
    ]
    for feiten in cases:
        uitleg = leg_uit(make_prestatie(), feiten)
        assert uitleg.gemist is not None
        assert "H7" in " ".join(each.contractbeheer for each in uitleg.voorwaarden)
        assert not any(word in each.aanbieder for each in uitleg.voorwaarden for word in ("H7", HOOFD, "0687"))


def test_of_several_contracts_the_one_that_gets_furthest_is_explained() -> None:
    """An old contract without the product does not hide the one with another tariff."""
    oud = make_contract(contract="J0", tot=date(2024, 12, 31))
    anders = make_contract(contract="J2", tarieven=(make_tariefregel(contract="J2", tarief_cent=5500),))

    assert gemist(make_feiten(oud, anders)).naam == "tarief"
    assert leg_uit(make_prestatie(), make_feiten(oud, anders, make_contract())).contract == "J1"


def test_without_any_contract() -> None:
    """Said to each in its own way."""
    found = gemist(make_feiten(contracten=()))

    assert found.aanbieder == "Er is met u geen contract in dit domein."


def test_a_credit_follows_its_debit() -> None:
    """Neither contract nor toewijzing is asked of it."""
    credit = make_prestatie("R2", vorig="R1", debet_credit="C")
    nothing = make_feiten(toewijzing=None, contracten=())

    assert leg_uit(credit, nothing).gemist is not None
    granted = make_feiten(toewijzing=None, contracten=(), debet=make_debet())
    assert leg_uit(credit, granted).gemist is None
    refused = make_feiten(debet=make_debet(toegekend=False))
    assert "niet toegekend" in gemist(refused, referentie="R2", vorig="R1", debet_credit="C").aanbieder

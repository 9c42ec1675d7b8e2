"""The rules about a verzoek om toewijzing (315), and those it shares with a verzoek om wijziging."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.bericht import Domein
from app.domain.snapshot import Kijk
from app.domain.toewijzing import Omvang, Product
from app.domain.verzoek import AangevraagdProduct, Verwijzer
from app.standard.rules.binnen import find_repetitions
from tests.builders import (
    CLIENT_ID,
    GEMEENTE,
    make_315,
    make_317,
    make_aangevraagd_product,
    make_kijk,
    make_snapshot,
    make_verzoek,
)
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds

CATEGORIE_ALLEEN = Product(categorie="45")
HULPMIDDEL = Product(categorie="12", code="12A01")
TOTAAL = Omvang(volume=40, eenheid="04", frequentie="6")
JULI, EIND_JULI, AUGUSTUS = date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)
MET_CODE = Verwijzer(type="02", zorgverlener_code="01010101")
MET_NAAM = Verwijzer(type="02", naam="Praktijk Voorbeeld")
OMVANG_PER_DAG = Omvang(volume=1, eenheid="14", frequentie="1")


def kijk_on(*producten: AangevraagdProduct, domein: Domein = "ijw", **snapshot: Any) -> Kijk:
    """The Kijk on a 315 for these products, on a past with these fields."""
    bericht = make_315(*producten, domein=domein)
    return make_kijk(bericht, binnen=find_repetitions(bericht), snapshot=make_snapshot(**snapshot))


def asked(referentie: str, van: date, tot: date | None, product: Product | None) -> AangevraagdProduct:
    """A product for the tests of overlap."""
    return make_aangevraagd_product(referentie, toewijzing_ingangsdatum=van, toewijzing_einddatum=tot, product=product)


def test_tr101_tr383_refuse_a_reference_twice() -> None:
    """ReferentieAanbieder is the logical key of an AangevraagdProduct, and unique by a rule of its own."""
    one, other = make_aangevraagd_product("A"), make_aangevraagd_product("B")

    for code in ("TR101", "TR383"):
        assert_holds(code, one, kijk_on(one, other))
        bevinding = assert_fails(code, one, kijk_on(one, other, one))
        assert bevinding.waarde == "A"


def test_tr386_refuses_the_same_product_on_one_day() -> None:
    """One after the other is allowed; a day in common is not, and stands at the later of the two."""
    product = Product(categorie="45", code="45A04")
    first, after, overlaps = asked("A", JULI, EIND_JULI, product), asked("B", AUGUSTUS, None, product), asked("C", EIND_JULI, None, product)

    for each in (first, after):
        assert_holds("TR386", each, kijk_on(first, after))
    assert_holds("TR386", first, kijk_on(first, overlaps))
    assert_fails("TR386", overlaps, kijk_on(first, overlaps))


@pytest.mark.parametrize("wide", [CATEGORIE_ALLEEN, None], ids=["category", "nothing"])
def test_tr386_compares_without_code_by_category_and_without_category_with_all(wide: Product | None) -> None:
    """What names less stands in the way of more."""
    narrow, covers = asked("A", JULI, EIND_JULI, Product(categorie="45", code="45A04")), asked("B", JULI, EIND_JULI, wide)

    assert_fails("TR386", covers, kijk_on(narrow, covers))


def test_tr386_iwmo_exempts_categories_11_to_14() -> None:
    """Aids may overlap in iWmo, with each other and with what has no category; in iJw they may not."""
    one, two, generic = (asked(name, JULI, EIND_JULI, product) for name, product in (("A", HULPMIDDEL), ("B", HULPMIDDEL), ("C", None)))

    for each in (two, generic):
        assert_holds("TR386", each, kijk_on(one, two, generic, domein="iwmo"))
        assert_fails("TR386", each, kijk_on(one, two, generic))


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        pytest.param("CD043", {}, {"beschikking_nummer": 7}, id="CD043-date-missing"),
        pytest.param(
            "CD043", {"beschikking_nummer": 7, "beschikking_ingangsdatum": JULI}, {"beschikking_ingangsdatum": JULI}, id="CD043-date-alone"
        ),
        pytest.param("CD041", {}, {"omvang": None}, id="CD041"),
        pytest.param("CD041", {"product": CATEGORIE_ALLEEN, "omvang": None}, {"omvang": None, "budget": 100}, id="CD041-category"),
        pytest.param("CD041", {"product": None, "omvang": None, "budget": 100}, {"omvang": None}, id="CD041-no-product"),
        pytest.param("CD075", {"budget": 100}, {"budget": 100, "toewijzing_einddatum": None}, id="CD075"),
        pytest.param("CD076", {"omvang": TOTAAL, "toewijzing_einddatum": None}, {"toewijzing_einddatum": None}, id="CD076"),
        pytest.param("CD077", {"budget": 100, "omvang": None}, {"budget": 100}, id="CD077"),
        pytest.param("CD078", {}, {"budget": 0}, id="CD078"),
        pytest.param("CD079", {"product": None, "omvang": None, "budget": 100}, {"product": None, "omvang": None}, id="CD079"),
        pytest.param("CD095", {"product": CATEGORIE_ALLEEN, "omvang": None}, {"product": CATEGORIE_ALLEEN}, id="CD095"),
        pytest.param("CD095", {}, {"product": None, "toewijzing_einddatum": None}, id="CD095-open"),
        pytest.param(
            "CD095",
            {"product": CATEGORIE_ALLEEN, "toewijzing_einddatum": date(2020, 12, 31)},
            {"product": CATEGORIE_ALLEEN, "toewijzing_einddatum": date(2021, 1, 1)},
            id="CD095-transition",
        ),
        pytest.param("CS003", {"toewijzing_einddatum": JULI}, {"toewijzing_einddatum": date(2026, 6, 30)}, id="CS003"),
        pytest.param("CS003", {"toewijzing_einddatum": None}, {"toewijzing_einddatum": date(2025, 1, 1)}, id="CS003-open"),
        *(
            pytest.param(
                "CS343",
                {"omvang": Omvang(volume=1, eenheid=eenheid, frequentie=frequentie)},
                {"omvang": Omvang(volume=1, eenheid=eenheid, frequentie="1")},
                id=f"CS343-{eenheid}-{frequentie}",
            )
            for eenheid, frequentie in (("14", "2"), ("16", "4"), ("83", "6"), ("84", "2"))
        ),
        pytest.param(
            "CS343",
            {"omvang": Omvang(volume=1, eenheid="82", frequentie="1")},
            {"omvang": OMVANG_PER_DAG, "toewijzing_einddatum": None},
            id="CS343-open",
        ),
        pytest.param(
            "CS343",
            {"omvang": OMVANG_PER_DAG, "toewijzing_einddatum": date(2020, 12, 31)},
            {"omvang": OMVANG_PER_DAG, "toewijzing_einddatum": date(2021, 1, 1)},
            id="CS343-transition",
        ),
        pytest.param("CS343", {"omvang": None}, {"omvang": OMVANG_PER_DAG}, id="CS343-no-omvang"),
    ],
)
def test_cd041_cd043_cd075_to_cd079_cd095_cs003_cs343_form(code: str, good: dict[str, Any], bad: dict[str, Any]) -> None:
    """What an AangevraagdProduct must hold, and must not, by the bericht alone; the same in both domeinen."""
    right, wrong = make_aangevraagd_product(**good), make_aangevraagd_product(**bad)

    for domein in ("ijw", "iwmo"):
        assert_holds(code, right, kijk_on(right, domein=domein))
        assert_fails(code, wrong, kijk_on(wrong, domein=domein))


@pytest.mark.parametrize("type_verwijzer", ["02", "03", "04", "05"])
def test_cd066_cd067_verwijzer_has_a_code_or_a_naam(type_verwijzer: str) -> None:
    """One of the two: a name beside the code is too much, neither is too little."""
    coded, named = Verwijzer(type=type_verwijzer, zorgverlener_code="01010101"), Verwijzer(type=type_verwijzer, naam="Voorbeeld")
    both, neither = Verwijzer(type=type_verwijzer, zorgverlener_code="01010101", naam="Voorbeeld"), Verwijzer(type=type_verwijzer)

    for code, good, bad in (("CD066", (coded, named, neither), both), ("CD067", (coded, named, both), neither)):
        for verwijzer in good:
            assert_holds(code, make_aangevraagd_product(verwijzer=verwijzer), kijk_on())
        assert_fails(code, make_aangevraagd_product(verwijzer=bad), kijk_on())


@pytest.mark.parametrize("type_verwijzer", ["01", "06", "08"])
def test_cd068_other_verwijzers_have_no_code(type_verwijzer: str) -> None:
    """A gemeente, a self-referrer and a judge have no AGB-code; nothing is asked of their name."""
    for verwijzer in (Verwijzer(type=type_verwijzer), Verwijzer(type=type_verwijzer, naam="Voorbeeld")):
        for code in ("CD066", "CD067", "CD068"):
            assert_holds(code, make_aangevraagd_product(verwijzer=verwijzer), kijk_on())

    assert_holds("CD068", make_aangevraagd_product(verwijzer=MET_CODE), kijk_on())
    assert_fails("CD068", make_aangevraagd_product(verwijzer=Verwijzer(type=type_verwijzer, zorgverlener_code="01010101")), kijk_on())


def test_cd066_cd068_do_not_show_who_the_verwijzer_is() -> None:
    """Name and code of a professional stand neither in the sentence nor in the value."""
    both = make_aangevraagd_product(verwijzer=Verwijzer(type="02", zorgverlener_code="01010101", naam="Voorbeeld"))
    coded = make_aangevraagd_product(verwijzer=Verwijzer(type="06", zorgverlener_code="01010101"))

    for bevinding in (assert_fails("CD066", both, kijk_on()), assert_fails("CD068", coded, kijk_on())):
        assert bevinding.waarde is None
        assert "Voorbeeld" not in bevinding.melding
        assert "01010101" not in bevinding.melding


def test_tr347_refuses_a_reference_that_was_used() -> None:
    """In a 315 or a 317 before, of whichever gemeente; of both berichten."""
    product, verzoek = make_aangevraagd_product("A"), make_verzoek("A")
    used, other = make_snapshot(verzoek_referenties=frozenset({"A"})), make_snapshot(verzoek_referenties=frozenset({"B"}))

    for klasse, bericht in ((product, make_315(product)), (verzoek, make_317(verzoek))):
        assert_holds("TR347", klasse, make_kijk(bericht, snapshot=other))
        bevinding = assert_fails("TR347", klasse, make_kijk(bericht, snapshot=used))
        assert (bevinding.retourcode, bevinding.waarde) == ("9347", "A")


def test_tr374_refuses_a_second_request_for_a_client() -> None:
    """Only one that is undecided, for this client and at this gemeente, stands in the way; of both berichten."""
    pending = make_snapshot(onderhanden={(GEMEENTE, CLIENT_ID): frozenset({"B", "A"})})
    elsewhere = make_snapshot(
        onderhanden={("0687", CLIENT_ID): frozenset({"A"}), (GEMEENTE, 99): frozenset({"A"}), (GEMEENTE, CLIENT_ID): frozenset()}
    )

    for bericht in (make_315(), make_317()):
        assert bericht.client is not None
        assert_holds("TR374", bericht.client, make_kijk(bericht, snapshot=elsewhere))
        bevinding = assert_fails("TR374", bericht.client, make_kijk(bericht, snapshot=pending))
        assert "(A, B)" in bevinding.melding


def test_tr374_holds_for_a_client_that_is_not_known() -> None:
    """TR304 speaks of that."""
    bericht = make_317()
    assert bericht.client is not None

    assert_holds("TR374", bericht.client, make_kijk(bericht, client_id=None))

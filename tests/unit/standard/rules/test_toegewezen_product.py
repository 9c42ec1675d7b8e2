"""The rules about ToegewezenProduct, and which products of one bericht overlap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.bericht import Domein
from app.domain.snapshot import Kijk, Toewijzing
from app.domain.toewijzing import Omvang, Product, ToegewezenProduct
from app.standard.rules.binnen import find_repetitions
from app.standard.rules.stapeling import overlapping_numbers
from tests.builders import (
    ANDERE_CLIENT_ID,
    GEMEENTE,
    NUMMER,
    VANDAAG,
    make_301,
    make_kijk,
    make_snapshot,
    make_toegewezen_product,
    make_toewijzing,
    next_day,
)
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds

CATEGORIE_ALLEEN = Product(categorie="45")
TOTAAL = Omvang(volume=40, eenheid="04", frequentie="6")
NIEUWE_VERSIE = {"toewijzingsdatum": date(2026, 3, 1), "toewijzingstijd": "09:00:00"}


def kijk_on(*producten: ToegewezenProduct, bekend: tuple[Toewijzing, ...] = (), domein: Domein = "ijw", **changes: object) -> Kijk:
    """The Kijk on a 301 with these products, on a past with these toewijzingen and no other."""
    bericht = make_301(*producten, domein=domein)
    snapshot = make_snapshot(*bekend) if bekend else make_snapshot(toewijzingen={})
    return make_kijk(bericht, **{"binnen": find_repetitions(bericht), "snapshot": snapshot, **changes})


def test_tr101_refuses_a_number_twice() -> None:
    """ToewijzingNummer occurs once in a 301."""
    product = make_toegewezen_product()

    assert_holds("TR101", product, kijk_on(product, make_toegewezen_product(toewijzing_nummer=2)))
    assert_fails("TR101", product, kijk_on(product, product))


def test_tr134_refuses_toewijzingsdatum_after_dagtekening() -> None:
    """Decided on the day of sending is allowed."""
    assert_holds("TR134", make_toegewezen_product(toewijzingsdatum=VANDAAG), kijk_on())
    assert_fails("TR134", make_toegewezen_product(toewijzingsdatum=next_day(VANDAAG)), kijk_on())


def product(nummer: int, van: date, tot: date | None, product: Product | None, **changes: object) -> ToegewezenProduct:
    """A line for the tests of overlap."""
    return make_toegewezen_product(toewijzing_nummer=nummer, ingangsdatum=van, einddatum=tot, product=product, **changes)


JAN, FEB, MRT = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
EIND_JAN, EIND_FEB = date(2026, 1, 31), date(2026, 2, 28)
A04, A05, ANDERS = Product(categorie="45", code="45A04"), Product(categorie="45", code="45A05"), Product(categorie="46", code="46A01")
HULPMIDDEL = Product(categorie="12", code="12A01")


@pytest.mark.parametrize(
    ("one", "two", "overlaps"),
    [
        pytest.param((JAN, EIND_JAN, A04), (FEB, EIND_FEB, A04), False, id="one-after-the-other"),
        pytest.param((JAN, FEB, A04), (FEB, EIND_FEB, A04), True, id="one-day"),
        pytest.param((JAN, None, A04), (MRT, None, A04), True, id="open-end"),
        pytest.param((JAN, FEB, A04), (JAN, FEB, A05), False, id="other-code"),
        pytest.param((JAN, FEB, CATEGORIE_ALLEEN), (JAN, FEB, A05), True, id="category-covers-code"),
        pytest.param((JAN, FEB, A05), (JAN, FEB, CATEGORIE_ALLEEN), True, id="code-under-category"),
        pytest.param((JAN, FEB, CATEGORIE_ALLEEN), (JAN, FEB, ANDERS), False, id="other-category"),
        pytest.param((JAN, FEB, None), (JAN, FEB, ANDERS), True, id="no-category-covers-all"),
        pytest.param((JAN, FEB, ANDERS), (FEB, None, None), True, id="all-under-no-category"),
        pytest.param((JAN, EIND_JAN, None), (FEB, None, None), False, id="no-category-one-after-the-other"),
    ],
)
def test_tr302_overlap(
    one: tuple[date, date | None, Product | None], two: tuple[date, date | None, Product | None], overlaps: bool
) -> None:
    """Same product, or a category or an open product that covers it; the order in the bericht does not matter."""
    first, second = product(1, *one), product(2, *two)

    for producten in ((first, second), (second, first)):
        assert bool(overlapping_numbers("ijw", producten)) is overlaps


def test_tr302_refuses_the_line_that_overlaps() -> None:
    """The finding stands at the later of the two."""
    first, second = product(1, JAN, FEB, A04), product(2, FEB, None, A04)

    assert_holds("TR302", first, kijk_on(first, second))
    assert_fails("TR302", second, kijk_on(first, second))


def test_tr302_iwmo_exempts_categories_11_to_14() -> None:
    """Aids may overlap in iWmo, also with a product without category; in iJw there is no such exemption."""
    one, two, generic = product(1, JAN, FEB, HULPMIDDEL), product(2, JAN, FEB, HULPMIDDEL), product(3, JAN, FEB, None)

    assert not overlapping_numbers("iwmo", (one, two, generic))
    assert overlapping_numbers("ijw", (one, two))
    assert overlapping_numbers("iwmo", (product(1, JAN, FEB, Product(categorie="15")), product(2, JAN, FEB, Product(categorie="15"))))


def test_tr302_leaves_out_what_is_deleted() -> None:
    """A deleted toewijzing stands in nobody's way; an ended one of one day does."""
    kept = product(1, JAN, None, A04)

    assert not overlapping_numbers("ijw", (kept, product(2, FEB, FEB, A04, reden_wijziging="13")))
    assert overlapping_numbers("ijw", (kept, product(2, FEB, FEB, A04, reden_wijziging="05")))


def test_tr302_finds_a_long_one_behind_a_short_one() -> None:
    """A third line overlaps with the first although the second, between them, has ended."""
    lines = (product(1, JAN, None, A04), product(2, JAN, JAN, A05), product(3, MRT, None, A04))

    assert overlapping_numbers("ijw", lines) == {3}


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        pytest.param("CS003", {"einddatum": date(2026, 1, 1)}, {"einddatum": date(2025, 12, 31)}, id="CS003"),
        pytest.param("CS003", {"einddatum": None}, {"einddatum": date(2025, 1, 1)}, id="CS003-open"),
        pytest.param("CD041", {}, {"omvang": None}, id="CD041"),
        pytest.param("CD041", {"product": CATEGORIE_ALLEEN, "omvang": None}, {"omvang": None, "budget": 100}, id="CD041-category"),
        pytest.param("CD075", {"budget": 100}, {"budget": 100, "einddatum": None}, id="CD075"),
        pytest.param("CD076", {"omvang": TOTAAL, "einddatum": None}, {"einddatum": None}, id="CD076"),
        pytest.param("CD077", {"budget": 100, "omvang": None}, {"budget": 100}, id="CD077"),
        pytest.param("CD078", {}, {"budget": 0}, id="CD078"),
        pytest.param("CD079", {"product": None, "omvang": None, "budget": 100}, {"product": None, "omvang": None}, id="CD079"),
        pytest.param("CD080", {"product": CATEGORIE_ALLEEN, "omvang": None}, {"product": CATEGORIE_ALLEEN}, id="CD080"),
        pytest.param(
            "CD080",
            {"product": CATEGORIE_ALLEEN, "einddatum": date(2020, 12, 31)},
            {"product": CATEGORIE_ALLEEN, "einddatum": date(2021, 1, 1)},
            id="CD080-transition",
        ),
        pytest.param("CD080", {}, {"product": CATEGORIE_ALLEEN, "einddatum": None}, id="CD080-open"),
        pytest.param(
            "CS335",
            {"reden_wijziging": "13", "einddatum": date(2026, 1, 1)},
            {"reden_wijziging": "13", "einddatum": date(2026, 1, 2)},
            id="CS335",
        ),
        pytest.param("CS335", {"reden_wijziging": "05"}, {"reden_wijziging": "13", "einddatum": None}, id="CS335-open"),
        pytest.param("CS336", {"reden_wijziging": "14"}, {"reden_wijziging": "01"}, id="CS336"),
        *(
            pytest.param(
                "CS338",
                {"omvang": Omvang(volume=1, eenheid=eenheid, frequentie="2")},
                {"omvang": Omvang(volume=1, eenheid=eenheid, frequentie="1")},
                id=f"CS338-{eenheid}",
            )
            for eenheid in ("14", "16", "83", "84")
        ),
        pytest.param(
            "CS338",
            {"omvang": Omvang(volume=1, eenheid="82", frequentie="1")},
            {"omvang": Omvang(volume=1, eenheid="14", frequentie="1"), "einddatum": None},
            id="CS338-open",
        ),
        pytest.param(
            "CS338",
            {"omvang": Omvang(volume=1, eenheid="14", frequentie="1"), "einddatum": date(2020, 12, 31)},
            {"omvang": Omvang(volume=1, eenheid="14", frequentie="1"), "einddatum": date(2021, 1, 1)},
            id="CS338-transition",
        ),
    ],
)
def test_cd041_cd075_to_cd080_cs003_cs335_cs336_cs338_form(code: str, good: dict[str, object], bad: dict[str, object]) -> None:
    """What a line must hold, and must not, by the bericht alone."""
    assert_holds(code, make_toegewezen_product(**good), kijk_on())
    assert_fails(code, make_toegewezen_product(**bad), kijk_on())


def test_tr332_accepts_a_new_number_and_the_same_line_again() -> None:
    """A number nobody has; and a toewijzing sent again with its own Toewijzingsdatum and -tijd, without its RedenWijziging (IV099)."""
    assert_holds("TR332", make_toegewezen_product(), kijk_on())
    assert_holds("TR332", make_toegewezen_product(), kijk_on(bekend=(make_toewijzing(reden_wijziging="05"),)))


@pytest.mark.parametrize(
    ("bekend", "nieuw"),
    [
        pytest.param({}, {"einddatum": date(2026, 6, 30), "reden_wijziging": "05"}, id="shortened"),
        pytest.param({}, {"einddatum": date(2027, 6, 30), "reden_wijziging": "04"}, id="extended"),
        pytest.param({}, {"einddatum": date(2026, 1, 1), "reden_wijziging": "13"}, id="deleted"),
        pytest.param({"omvang": TOTAAL}, {"omvang": replace(TOTAAL, volume=60)}, id="volume-in-total"),
        pytest.param(
            {"omvang": None, "budget": 100, "code": None}, {"omvang": None, "budget": 200, "product": CATEGORIE_ALLEEN}, id="budget"
        ),
    ],
)
def test_tr332_accepts_what_may_change(bekend: dict[str, object], nieuw: dict[str, object]) -> None:
    """Einddatum, Budget, Volume if Frequentie is 6, deletion (OP033x1, IV066)."""
    assert_holds("TR332", make_toegewezen_product(**NIEUWE_VERSIE, **nieuw), kijk_on(bekend=(make_toewijzing(**bekend),)))


@pytest.mark.parametrize(
    ("bekend", "nieuw"),
    [
        pytest.param({"client_id": ANDERE_CLIENT_ID}, {}, id="other-client"),
        pytest.param({"agb": "42420002"}, {}, id="other-aanbieder"),
        pytest.param({}, {"product": ANDERS}, id="other-product"),
        pytest.param({}, {"product": None}, id="no-product"),
        pytest.param({}, {"ingangsdatum": date(2026, 2, 1)}, id="other-ingangsdatum"),
        pytest.param({}, {"omvang": Omvang(volume=11, eenheid="04", frequentie="2")}, id="volume-per-week"),
        pytest.param({"omvang": TOTAAL}, {"omvang": replace(TOTAAL, eenheid="01")}, id="eenheid"),
        pytest.param({}, {"omvang": None, "budget": 100}, id="omvang-becomes-budget"),
        pytest.param({"omvang": None}, {"omvang": None, "budget": 100}, id="budget-appears"),
    ],
)
def test_tr332_refuses_what_asks_a_new_number(bekend: dict[str, object], nieuw: dict[str, object]) -> None:
    """Anything else is another toewijzing under a number that is taken."""
    assert_fails("TR332", make_toegewezen_product(**NIEUWE_VERSIE, **nieuw), kijk_on(bekend=(make_toewijzing(**bekend),)))


def test_tr332_refuses_two_versions_of_one_moment() -> None:
    """The same Toewijzingsdatum and -tijd with another Einddatum: nothing would order the two (IV013, OP080)."""
    changed = make_toegewezen_product(einddatum=date(2026, 6, 30))

    assert_fails("TR332", changed, kijk_on(bekend=(make_toewijzing(),)))
    assert_fails("TR332", changed, kijk_on(bekend=(make_toewijzing(), make_toewijzing(toewijzingsdatum=date(2026, 2, 1)))))


def test_tr385_refuses_deleting_what_is_granted() -> None:
    """Deleting asks that everything granted is credited; shortening does not."""
    deleted = make_toegewezen_product(reden_wijziging="13", einddatum=date(2026, 1, 1))
    granted = make_snapshot(goedgekeurd=frozenset({(GEMEENTE, NUMMER)}))

    assert_holds("TR385", deleted, kijk_on())
    assert_fails("TR385", deleted, kijk_on(snapshot=granted))
    assert_holds("TR385", make_toegewezen_product(reden_wijziging="05"), kijk_on(snapshot=granted))

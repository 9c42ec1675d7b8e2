"""The rules about a verzoek om wijziging (317): from the bericht alone, and against the toewijzingen the client has now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.bericht import Domein
from app.domain.klassen import Berichtklasse
from app.domain.snapshot import Kijk, Snapshot, Toewijzing
from app.domain.toewijzing import Omvang, Product
from app.domain.verzoek import NieuwProduct, OngewijzigdProduct, TeWijzigenProduct, Verzoek
from app.standard.rules.binnen import find_repetitions
from tests.builders import (
    ANDERE_CLIENT_ID,
    CATEGORIE,
    CLIENT_ID,
    CODE,
    GEMEENTE,
    NUMMER,
    TIEN_UUR_PER_WEEK,
    VANDAAG,
    make_317,
    make_kijk,
    make_snapshot,
    make_te_wijzigen,
    make_toewijzing,
    make_verzoek,
    next_day,
)
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds, has_rule

HET_PRODUCT, ANDER_PRODUCT = Product(categorie=CATEGORIE, code=CODE), Product(categorie="46", code="46A01")
CATEGORIE_ALLEEN = Product(categorie=CATEGORIE)
HULPMIDDEL = Product(categorie="12", code="12A01")
TOTAAL = Omvang(volume=40, eenheid="04", frequentie="6")
PER_DAG = Omvang(volume=1, eenheid="14", frequentie="1")
JULI, EIND_JULI, AUGUSTUS = date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)
INGANG, EINDE = date(2026, 1, 1), date(2026, 12, 31)
GISTEREN = VANDAAG - timedelta(days=1)
VOOR, NA_OVERGANG = date(2020, 12, 31), date(2021, 1, 1)


def blijft(nummer: int = NUMMER) -> OngewijzigdProduct:
    """A toewijzing that stays as it is."""
    return OngewijzigdProduct(toewijzing_nummer=nummer, regelnummer=21)


def nieuw(product: Product | None = ANDER_PRODUCT, van: date = JULI, tot: date | None = EINDE, **changes: Any) -> NieuwProduct:
    """A product that the client does not have yet."""
    fields = {"product": product, "gewenste_ingangsdatum": van, "einddatum": tot, "omvang": TIEN_UUR_PER_WEEK, "regelnummer": 22}
    return NieuwProduct(**{**fields, **changes})


def wanted(*producten: Berichtklasse) -> Verzoek:
    """A Verzoek with these products, each in its class."""
    return make_verzoek(
        ongewijzigde_producten=tuple(each for each in producten if isinstance(each, OngewijzigdProduct)),
        te_wijzigen_producten=tuple(each for each in producten if isinstance(each, TeWijzigenProduct)),
        nieuwe_producten=tuple(each for each in producten if isinstance(each, NieuwProduct)),
    )


def past(*toewijzingen: Toewijzing) -> Snapshot:
    """A past in which the client has these toewijzingen of this aanbieder."""
    numbers = frozenset(each.toewijzing_nummer for each in toewijzingen if each.client_id == CLIENT_ID)
    return make_snapshot(*toewijzingen, nummers_van_client={(GEMEENTE, CLIENT_ID): numbers})


def kijk_on(verzoek: Verzoek | None = None, *toewijzingen: Toewijzing, domein: Domein = "ijw", **changes: Any) -> Kijk:
    """The Kijk on a 317 with this Verzoek, of a client with these toewijzingen or the default one."""
    bericht = make_317(verzoek, domein=domein)
    found = toewijzingen or (make_toewijzing(),)
    return make_kijk(bericht, **{"binnen": find_repetitions(bericht), "snapshot": past(*found), "toewijzing": found[0], **changes})


def test_tr352_asks_a_toewijzing_to_start_from() -> None:
    """One that stays or one that changes will do; new products alone do not."""
    for verzoek in (wanted(blijft()), wanted(make_te_wijzigen()), wanted(blijft(), nieuw())):
        assert_holds("TR352", verzoek, kijk_on(verzoek))
    assert_fails("TR352", wanted(nieuw()), kijk_on(wanted(nieuw())))


def test_tr353_asks_a_change() -> None:
    """One that changes or one that is new will do; what stays alone does not."""
    for verzoek in (wanted(nieuw()), wanted(make_te_wijzigen()), wanted(blijft(), nieuw())):
        assert_holds("TR353", verzoek, kijk_on(verzoek))
    assert_fails("TR353", wanted(blijft()), kijk_on(wanted(blijft())))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(blijft(), blijft(2), id="ongewijzigd"),
        pytest.param(make_te_wijzigen(), make_te_wijzigen(toewijzing_nummer=2), id="te-wijzigen"),
        pytest.param(nieuw(), nieuw(van=AUGUSTUS), id="nieuw-other-day"),
        pytest.param(nieuw(), nieuw(HET_PRODUCT), id="nieuw-other-product"),
        pytest.param(nieuw(None), nieuw(None, van=AUGUSTUS), id="nieuw-without-product"),
    ],
)
def test_tr101_refuses_a_logical_key_twice(one: Berichtklasse, other: Berichtklasse) -> None:
    """ToewijzingNummer in its class; Product with GewensteIngangsdatum of what is new."""
    assert_holds("TR101", one, kijk_on(wanted(one, other)))
    assert_fails("TR101", one, kijk_on(wanted(one, one)))


def test_tr101_a_number_in_two_classes_is_no_repetition() -> None:
    """The key is unique per class; TR361 refuses what is asked twice."""
    verzoek = wanted(blijft(), make_te_wijzigen())

    for part in (*verzoek.ongewijzigde_producten, *verzoek.te_wijzigen_producten):
        assert_holds("TR101", part, kijk_on(verzoek))
    assert_fails("TR361", verzoek, kijk_on(verzoek))


def test_tr380_refuses_a_new_product_that_does_not_begin_after_dagtekening() -> None:
    """The day after Dagtekening is the first; what changes may begin in the past (TR357)."""
    assert_holds("TR380", nieuw(van=next_day(VANDAAG)), kijk_on())
    assert_fails("TR380", nieuw(van=VANDAAG), kijk_on())
    assert not has_rule("TR380", make_te_wijzigen(), kijk_on())


def test_tr410_refuses_a_new_product_twice_on_one_day() -> None:
    """One after the other is allowed; a day in common is not, and stands at the later of the two."""
    first, after, overlaps = nieuw(tot=EIND_JULI), nieuw(van=AUGUSTUS), nieuw(van=EIND_JULI)

    for each in (first, after):
        assert_holds("TR410", each, kijk_on(wanted(first, after)))
    assert_holds("TR410", first, kijk_on(wanted(first, overlaps)))
    assert_fails("TR410", overlaps, kijk_on(wanted(first, overlaps)))
    assert_fails("TR410", nieuw(None, van=AUGUSTUS), kijk_on(wanted(nieuw(), nieuw(None, van=AUGUSTUS))))


def test_tr410_iwmo_exempts_categories_11_to_14() -> None:
    """Aids may overlap in iWmo; in iJw they may not."""
    one, other = nieuw(HULPMIDDEL), nieuw(HULPMIDDEL, van=AUGUSTUS)

    assert_holds("TR410", other, kijk_on(wanted(one, other), domein="iwmo"))
    assert_fails("TR410", other, kijk_on(wanted(one, other)))


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        pytest.param("CD041", nieuw(), nieuw(omvang=None), id="CD041"),
        pytest.param("CD041", nieuw(CATEGORIE_ALLEEN, omvang=None), nieuw(omvang=None, budget=100), id="CD041-category"),
        pytest.param("CD079", nieuw(None, omvang=None, budget=100), nieuw(None, omvang=None), id="CD079"),
        pytest.param("CD096", nieuw(CATEGORIE_ALLEEN, omvang=None), nieuw(CATEGORIE_ALLEEN), id="CD096"),
        pytest.param("CD096", nieuw(CATEGORIE_ALLEEN, tot=VOOR), nieuw(CATEGORIE_ALLEEN, tot=NA_OVERGANG), id="CD096-transition"),
        pytest.param("CD096", nieuw(tot=None), nieuw(None, tot=None), id="CD096-open"),
    ],
)
def test_cd041_cd079_cd096_form_of_a_new_product(code: str, good: NieuwProduct, bad: NieuwProduct) -> None:
    """What names its product itself must hold, and must not; a TeWijzigenProduct names none."""
    for domein in ("ijw", "iwmo"):
        assert_holds(code, good, kijk_on(domein=domein))
        assert_fails(code, bad, kijk_on(domein=domein))
    assert not has_rule(code, make_te_wijzigen(), kijk_on())


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        pytest.param("CD075", {"budget": 100}, {"budget": 100, "einddatum": None}, id="CD075"),
        pytest.param("CD076", {"omvang": TOTAAL, "einddatum": None}, {"omvang": TIEN_UUR_PER_WEEK, "einddatum": None}, id="CD076"),
        pytest.param("CD077", {"budget": 100, "omvang": None}, {"budget": 100}, id="CD077"),
        pytest.param("CD078", {}, {"budget": 0}, id="CD078"),
        pytest.param("CS003", {"einddatum": JULI}, {"einddatum": date(2026, 6, 30)}, id="CS003"),
        pytest.param("CS003", {"einddatum": None}, {"einddatum": date(2025, 1, 1)}, id="CS003-open"),
        pytest.param("CS338", {"omvang": replace(PER_DAG, frequentie="2")}, {"omvang": PER_DAG}, id="CS338"),
        pytest.param("CS338", {"omvang": replace(PER_DAG, eenheid="82")}, {"omvang": PER_DAG, "einddatum": None}, id="CS338-open"),
        pytest.param("CS338", {"omvang": PER_DAG, "einddatum": VOOR}, {"omvang": PER_DAG, "einddatum": NA_OVERGANG}, id="CS338-transition"),
    ],
)
def test_cd075_to_cd078_cs003_cs338_form_of_what_is_wanted(code: str, good: dict[str, Any], bad: dict[str, Any]) -> None:
    """The same for what is new and what changes, in both domeinen."""
    for domein in ("ijw", "iwmo"):
        for make in (nieuw, make_te_wijzigen):
            assert_holds(code, make(**good), kijk_on(domein=domein))
            assert_fails(code, make(**bad), kijk_on(domein=domein))


def test_tr304_refuses_a_client_of_whom_the_aanbieder_has_no_toewijzing() -> None:
    """The Bsn is masked, and the rules about the client's toewijzingen keep silent."""
    kijk = kijk_on()
    assert kijk.bericht.client is not None
    unknown = kijk_on(client_id=None, toewijzing=None)

    assert_holds("TR304", kijk.bericht.client, kijk)
    bevinding = assert_fails("TR304", kijk.bericht.client, unknown)
    assert (bevinding.retourcode, bevinding.waarde) == ("8187", "***")
    for code in ("TR349", "TR361"):
        assert_holds(code, make_verzoek(), unknown)
    for code in ("TR357", "TR373", "TR375", "TR411", "TR412"):
        assert_holds(code, make_te_wijzigen(omvang=None), unknown)


def test_tr349_asks_every_current_toewijzing() -> None:
    """What stays and what changes counts as named; what is left out is named in the sentence."""
    have = (make_toewijzing(), make_toewijzing(toewijzing_nummer=2), make_toewijzing(toewijzing_nummer=3))
    all_of_them, one_of_them = wanted(make_te_wijzigen(), blijft(2), blijft(3)), wanted(make_te_wijzigen())

    assert_holds("TR349", all_of_them, kijk_on(all_of_them, *have))
    bevinding = assert_fails("TR349", one_of_them, kijk_on(one_of_them, *have))
    assert "toewijzing 2, toewijzing 3;" in bevinding.melding


@pytest.mark.parametrize(
    ("changes", "current"),
    [
        pytest.param({"einddatum": VANDAAG}, True, id="last-day"),
        pytest.param({"einddatum": GISTEREN}, False, id="ended-yesterday"),
        pytest.param({"einddatum": None}, True, id="open"),
        pytest.param({"ingangsdatum": date(2027, 1, 1), "einddatum": None}, True, id="in-the-future"),
        pytest.param({"ingangsdatum": JULI, "einddatum": JULI, "reden_wijziging": "13"}, False, id="deleted"),
        pytest.param({"ingangsdatum": JULI, "einddatum": JULI, "reden_wijziging": "01"}, False, id="void-by-01"),
        pytest.param({"ingangsdatum": JULI, "einddatum": JULI, "reden_wijziging": "05"}, True, id="one-day"),
    ],
)
def test_tr349_tr350_tr351_what_is_current(changes: dict[str, Any], current: bool) -> None:
    """What must be named may be named, and what need not be may not: on the day of receipt."""
    found = make_toewijzing(toewijzing_nummer=2, **changes)
    without = wanted(make_te_wijzigen(), nieuw())
    kijk = kijk_on(without, make_toewijzing(), found)
    on_part = replace(kijk, toewijzing=None if found.is_verwijderd else found, is_verwijderd=found.is_verwijderd)

    (assert_fails if current else assert_holds)("TR349", without, kijk)
    (assert_holds if current else assert_fails)("TR350", blijft(2), on_part)
    (assert_holds if current else assert_fails)("TR351", make_te_wijzigen(toewijzing_nummer=2), on_part)


def test_tr349_names_no_more_than_five() -> None:
    """The rest is a number."""
    have = [make_toewijzing(toewijzing_nummer=nummer) for nummer in range(1, 9)]
    verzoek = wanted(blijft(1), nieuw())

    melding = assert_fails("TR349", verzoek, kijk_on(verzoek, *have)).melding

    assert "toewijzing 2, toewijzing 3, toewijzing 4, toewijzing 5, toewijzing 6 en nog 2;" in melding


@pytest.mark.parametrize(
    ("changes", "reden"),
    [
        pytest.param({"toewijzing": None}, "geen toewijzing 1001", id="unknown"),
        pytest.param({"toewijzing": None, "is_verwijderd": True}, "verwijderd", id="deleted"),
        pytest.param({"toewijzing": make_toewijzing(einddatum=GISTEREN)}, "geëindigd op 02-06-2026", id="ended"),
        pytest.param({"toewijzing": make_toewijzing(ingangsdatum=JULI, einddatum=JULI, reden_wijziging="01")}, "vervallen", id="void"),
    ],
)
def test_tr350_tr351_say_why_a_toewijzing_is_not_current(changes: dict[str, Any], reden: str) -> None:
    """Unknown, deleted, void and ended each ask something else of the sender."""
    for code, part in (("TR350", blijft()), ("TR351", make_te_wijzigen())):
        bevinding = assert_fails(code, part, kijk_on(**changes))
        assert bevinding.waarde == str(NUMMER)
        assert reden in bevinding.melding


def test_tr357_past_change_begins_where_the_toewijzing_does() -> None:
    """On or before Dagtekening only the Ingangsdatum of the toewijzing; after it any day."""
    for day in (INGANG, next_day(VANDAAG)):
        assert_holds("TR357", make_te_wijzigen(gewenste_ingangsdatum=day), kijk_on())
    for day in (VANDAAG, next_day(INGANG), INGANG - timedelta(days=1)):
        bevinding = assert_fails("TR357", make_te_wijzigen(gewenste_ingangsdatum=day), kijk_on())
        assert "01-01-2026" in bevinding.melding


@pytest.mark.parametrize(
    ("toewijzing", "changes", "changed"),
    [
        pytest.param({"budget": 100, "omvang": None}, {"budget": 200, "omvang": None}, True, id="other-budget"),
        pytest.param({"budget": 100, "omvang": None}, {"budget": 100, "omvang": None}, False, id="same-budget"),
        pytest.param({"budget": 100, "omvang": None}, {"budget": None, "omvang": TOTAAL}, True, id="budget-becomes-omvang"),
        pytest.param({"omvang": TOTAAL}, {"omvang": replace(TOTAAL, volume=41)}, True, id="other-total"),
        pytest.param({"omvang": TOTAAL}, {"omvang": TOTAAL}, False, id="same-total"),
        pytest.param({"omvang": TOTAAL}, {"omvang": TIEN_UUR_PER_WEEK}, True, id="total-becomes-weekly"),
        pytest.param({}, {"omvang": TOTAAL}, False, id="weekly-becomes-total"),
        pytest.param({}, {"omvang": replace(TIEN_UUR_PER_WEEK, volume=12)}, False, id="other-weekly-volume"),
        pytest.param({"omvang": None, "code": None}, {"omvang": None, "budget": 100}, False, id="nothing-becomes-budget"),
    ],
)
def test_tr373_another_total_is_wanted_from_the_beginning(toewijzing: dict[str, Any], changes: dict[str, Any], changed: bool) -> None:
    """A Budget, and an Omvang with Frequentie 6, is of the whole toewijzing; its Einddatum may change too."""
    kijk = kijk_on(None, make_toewijzing(**toewijzing))
    later = make_te_wijzigen(gewenste_ingangsdatum=JULI, **changes)

    assert_holds("TR373", replace(later, gewenste_ingangsdatum=INGANG, einddatum=date(2027, 6, 30)), kijk)
    (assert_fails if changed else assert_holds)("TR373", later, kijk)


def test_tr375_tr411_tr412_omvang_follows_the_product_of_the_toewijzing() -> None:
    """With a code an Omvang is wanted, with a category alone or nothing it is not; one fault has one code."""
    with_omvang, without = make_te_wijzigen(), make_te_wijzigen(omvang=None)
    code, category, nothing = (
        make_toewijzing(),
        make_toewijzing(code=None, omvang=None),
        make_toewijzing(categorie=None, code=None, omvang=None),
    )

    for toewijzing, part, refusing in (
        (code, with_omvang, None),
        (code, without, "TR411"),
        (category, with_omvang, "TR412"),
        (category, without, None),
        (nothing, with_omvang, "TR375"),
        (nothing, without, None),
    ):
        for rule in ("TR375", "TR411", "TR412"):
            (assert_fails if rule == refusing else assert_holds)(rule, part, kijk_on(None, toewijzing))


@pytest.mark.parametrize(("code", "categorie"), [("TR375", None), ("TR412", CATEGORIE)])
def test_tr375_tr412_leave_out_what_ends_in_the_transition(code: str, categorie: str | None) -> None:
    """The Einddatum of the TeWijzigenProduct counts: until 31-12-2020 free, after that and open not."""
    kijk = kijk_on(None, make_toewijzing(categorie=categorie, code=None, omvang=None))

    assert_holds(code, make_te_wijzigen(einddatum=VOOR), kijk)
    for einde in (NA_OVERGANG, None):
        assert_fails(code, make_te_wijzigen(einddatum=einde), kijk)


@pytest.mark.parametrize(
    ("verzoek", "overlaps"),
    [
        pytest.param(wanted(blijft(), nieuw(HET_PRODUCT, van=date(2027, 1, 1), tot=None)), "", id="after-what-stays"),
        pytest.param(
            wanted(blijft(), nieuw(HET_PRODUCT, van=EINDE, tot=None)), "NieuwProduct 45A04 per 31-12-2026", id="beside-what-stays"
        ),
        pytest.param(wanted(blijft(), nieuw(ANDER_PRODUCT)), "", id="another-product"),
        pytest.param(wanted(blijft(), nieuw(CATEGORIE_ALLEEN)), "NieuwProduct 45 per 01-07-2026", id="its-category"),
        pytest.param(wanted(blijft(), nieuw(None)), "NieuwProduct zonder product per 01-07-2026", id="without-category"),
        pytest.param(
            wanted(make_te_wijzigen(gewenste_ingangsdatum=INGANG, einddatum=EIND_JULI), nieuw(HET_PRODUCT, van=AUGUSTUS)),
            "",
            id="after-what-is-shortened",
        ),
        pytest.param(
            wanted(make_te_wijzigen(gewenste_ingangsdatum=INGANG, einddatum=AUGUSTUS), nieuw(HET_PRODUCT, van=AUGUSTUS)),
            "NieuwProduct 45A04 per 01-08-2026",
            id="beside-what-is-shortened",
        ),
        pytest.param(wanted(make_te_wijzigen(gewenste_ingangsdatum=AUGUSTUS)), "", id="change-from-later-day"),
        pytest.param(
            wanted(make_te_wijzigen(gewenste_ingangsdatum=AUGUSTUS), nieuw(HET_PRODUCT, van=JULI, tot=EIND_JULI)),
            "NieuwProduct 45A04 per 01-07-2026",
            id="beside-what-changes-only-later",
        ),
        pytest.param(wanted(blijft(), make_te_wijzigen()), f"toewijzing {NUMMER}", id="stays-and-changes"),
        pytest.param(wanted(make_te_wijzigen(toewijzing_nummer=9), nieuw(HET_PRODUCT)), "", id="unknown-number-takes-no-part"),
    ],
)
def test_tr361_refuses_the_same_product_twice_on_one_day(verzoek: Verzoek, overlaps: str) -> None:
    """Whichever of the three classes; a toewijzing runs on as it is until the change begins."""
    kijk = kijk_on(verzoek)

    if not overlaps:
        assert_holds("TR361", verzoek, kijk)
        return
    bevinding = assert_fails("TR361", verzoek, kijk)
    assert f": {overlaps};" in bevinding.melding


def test_tr361_a_change_after_the_end_leaves_the_days_between_free() -> None:
    """A toewijzing that ends in July and is wanted again from August: what is new on the days between is in nobody's way."""
    ends = make_toewijzing(einddatum=date(2026, 7, 15))
    again = make_te_wijzigen(gewenste_ingangsdatum=AUGUSTUS)
    between = wanted(again, nieuw(HET_PRODUCT, van=date(2026, 7, 16), tot=EIND_JULI))
    touches = wanted(again, nieuw(HET_PRODUCT, van=date(2026, 7, 15), tot=EIND_JULI))

    assert_holds("TR361", between, kijk_on(between, ends))
    assert_fails("TR361", touches, kijk_on(touches, ends))


def test_tr361_open_toewijzing_reaches_to_the_change() -> None:
    """Without Einddatum it runs until the day before."""
    opened = make_toewijzing(einddatum=None)
    verzoek = wanted(make_te_wijzigen(gewenste_ingangsdatum=AUGUSTUS), nieuw(HET_PRODUCT, van=EIND_JULI, tot=EIND_JULI))

    assert_fails("TR361", verzoek, kijk_on(verzoek, opened))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"client_id": ANDERE_CLIENT_ID}, id="other-client"),
        pytest.param({"agb": "42420002"}, id="other-aanbieder"),
        pytest.param({"reden_wijziging": "13", "ingangsdatum": JULI, "einddatum": JULI}, id="deleted"),
    ],
)
def test_tr361_looks_at_no_toewijzing_that_is_not_this_clients(changes: dict[str, Any]) -> None:
    """What the sender cannot see, or what is taken away, stands in nobody's way (OP095)."""
    verzoek = wanted(blijft(), nieuw(HET_PRODUCT))

    assert_fails("TR361", verzoek, kijk_on(verzoek))
    assert_holds("TR361", verzoek, kijk_on(verzoek, make_toewijzing(**changes)))


def test_tr361_iwmo_exempts_categories_11_to_14() -> None:
    """An aid may be wanted twice on one day in iWmo; in iJw it may not."""
    has_one, verzoek = make_toewijzing(categorie="12", code="12A01"), wanted(blijft(), nieuw(HULPMIDDEL))

    assert_holds("TR361", verzoek, kijk_on(verzoek, has_one, domein="iwmo"))
    assert_fails("TR361", verzoek, kijk_on(verzoek, has_one))

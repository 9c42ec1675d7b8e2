"""What the standard works out about changing a toewijzing and about requests (IV066, IV092, IV093, IV094, IV097), bericht by bericht.

Products are named A, B, C in the examples; here they are codes of one category. Where an example leaves an omvang open, it is three hours a
week.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.bericht import Bericht
from app.domain.oordeel import Oordeel, Verdict
from app.domain.snapshot import VerzoekStatus
from app.domain.toewijzing import Omvang, Product, ToegewezenProduct
from app.domain.verzoek import NieuwProduct, OngewijzigdProduct, TeWijzigenProduct, Verzoek
from tests.builders import (
    GEMEENTE,
    make_301,
    make_315,
    make_317,
    make_aangevraagd_product,
    make_snapshot,
    make_toegewezen_product,
)
from tests.unit.judging.baan import Baan

DOOR_AANBIEDER = "12"
DRIE_UUR, VIER_UUR, VIJF_UUR, ZES_UUR = (Omvang(volume=volume, eenheid="04", frequentie="2") for volume in (3, 4, 5, 6))
TACHTIG_UUR_IN_TOTAAL = Omvang(volume=80, eenheid="04", frequentie="6")
VIER_DAGDELEN, TWEE_DAGDELEN = (Omvang(volume=volume, eenheid="16", frequentie="4") for volume in (4, 2))
AANGENOMEN: tuple[Verdict, list[str]] = (Verdict.VERWERKT, [])


def product(naam: str) -> Product:
    """The product that an example calls by a letter, as a code of ambulante jeugdhulp."""
    return Product(categorie="45", code=f"45{naam:0<3}")


def toegewezen(nummer: int, naam: str, van: date, tot: date, omvang: Omvang = DRIE_UUR, **changes: Any) -> ToegewezenProduct:
    """A line of a 301; `op` is its Toewijzingsdatum (its Ingangsdatum unless given), which a line that is sent again keeps (IV013)."""
    fields = {
        "toewijzing_nummer": nummer,
        "product": product(naam),
        "ingangsdatum": van,
        "einddatum": tot,
        "omvang": omvang,
        "toewijzingsdatum": changes.pop("op", van),
    }
    return make_toegewezen_product(**{**fields, **changes})


def nieuwe_baan(*toewijzingen: ToegewezenProduct, vandaag: date) -> Baan:
    """A lane in which the gemeente has sent these toewijzingen."""
    baan = Baan(make_snapshot(toewijzingen={}), vandaag)
    if toewijzingen:
        assert uitkomst(wijs_toe(baan, *toewijzingen)) == AANGENOMEN
    return baan


def wijs_toe(baan: Baan, *toewijzingen: ToegewezenProduct) -> Oordeel:
    """The oordeel on a 301 of today."""
    return baan.beoordeel(vandaag_gestuurd(baan, make_301(*toewijzingen)))


def verzoek_wijziging(baan: Baan, *delen: OngewijzigdProduct | TeWijzigenProduct | NieuwProduct, referentie: str = "A001") -> Oordeel:
    """The oordeel on a 317 of today with these parts."""
    verzoek = Verzoek(
        referentie_aanbieder=referentie,
        reden_verzoek="1",
        ongewijzigde_producten=tuple(deel for deel in delen if isinstance(deel, OngewijzigdProduct)),
        te_wijzigen_producten=tuple(deel for deel in delen if isinstance(deel, TeWijzigenProduct)),
        nieuwe_producten=tuple(deel for deel in delen if isinstance(deel, NieuwProduct)),
    )
    return baan.beoordeel(vandaag_gestuurd(baan, make_317(verzoek)))


def vandaag_gestuurd(baan: Baan, bericht: Bericht) -> Bericht:
    """With today's Dagtekening and an Identificatie of its own."""
    own = replace(bericht.header.bericht_identificatie, identificatie=f"B{baan.nummer}", dagtekening=baan.vandaag)
    return replace(bericht, header=replace(bericht.header, bericht_identificatie=own))


def blijft(nummer: int) -> OngewijzigdProduct:
    """A toewijzing that stays as it is."""
    return OngewijzigdProduct(toewijzing_nummer=nummer)


def wijzigt(nummer: int, per: date, tot: date, omvang: Omvang = DRIE_UUR) -> TeWijzigenProduct:
    """A toewijzing that is to become this."""
    return TeWijzigenProduct(toewijzing_nummer=nummer, gewenste_ingangsdatum=per, einddatum=tot, omvang=omvang)


def nieuw(naam: str, per: date, tot: date, omvang: Omvang = DRIE_UUR) -> NieuwProduct:
    """A product that is asked for."""
    return NieuwProduct(product=product(naam), gewenste_ingangsdatum=per, einddatum=tot, omvang=omvang)


def uitkomst(oordeel: Oordeel) -> tuple[Verdict, list[str]]:
    """The verdict and the codes of what was found."""
    return oordeel.verdict, sorted({bevinding.retourcode or bevinding.regel for bevinding in oordeel.bevindingen})


def afgekeurd(*codes: str) -> tuple[Verdict, list[str]]:
    """What `uitkomst` gives for a bericht that is rejected with exactly these codes."""
    return Verdict.AFGEKEURD, list(codes)


def status_van(baan: Baan, referentie: str) -> VerzoekStatus:
    """Where a request stands."""
    return baan.snapshot.verzoeken[GEMEENTE, referentie].status


# ---- IV066: when a toewijzing gets a new number ----

EERSTE_OPGAVE = toegewezen(4321, "A1", date(2025, 1, 1), date(2025, 12, 31), op=date(2024, 12, 1))
IN_TOTAAL = replace(EERSTE_OPGAVE, omvang=TACHTIG_UUR_IN_TOTAAL)
MET_BUDGET = replace(EERSTE_OPGAVE, product=Product(categorie="45"), omvang=None, budget=1000_00)


@pytest.mark.parametrize(
    ("eerst", "changes"),
    [
        pytest.param(EERSTE_OPGAVE, {"einddatum": date(2025, 6, 30), "reden_wijziging": "05"}, id="intrekken"),
        pytest.param(EERSTE_OPGAVE, {"einddatum": date(2026, 6, 30), "reden_wijziging": "04"}, id="oprekken"),
        pytest.param(EERSTE_OPGAVE, {"einddatum": date(2025, 1, 1), "reden_wijziging": "13"}, id="verwijderen"),
        pytest.param(MET_BUDGET, {"budget": 2000_00, "reden_wijziging": "14"}, id="budget"),
        pytest.param(
            IN_TOTAAL, {"omvang": replace(TACHTIG_UUR_IN_TOTAAL, volume=100), "reden_wijziging": "14"}, id="volume bij frequentie 6"
        ),
    ],
)
def test_iv066_these_changes_keep_the_number(eerst: ToegewezenProduct, changes: dict[str, Any]) -> None:
    """Deletion, another Einddatum, another Budget, and another Volume when it is the total."""
    baan = nieuwe_baan(eerst, vandaag=date(2025, 3, 3))

    oordeel = wijs_toe(baan, replace(eerst, toewijzingsdatum=date(2025, 3, 3), **changes))

    assert uitkomst(oordeel) == AANGENOMEN
    assert len(baan.snapshot.toewijzingen[GEMEENTE, 4321]) == 2


@pytest.mark.parametrize(
    "changes",
    [{"omvang": ZES_UUR}, {"omvang": VIER_DAGDELEN}, {"product": product("A2")}, {"ingangsdatum": date(2025, 2, 1)}],
    ids=["volume", "eenheid", "product", "ingangsdatum"],
)
def test_iv066_any_other_change_needs_a_new_number(changes: dict[str, Any]) -> None:
    """On the same number it is refused (9332)."""
    baan = nieuwe_baan(EERSTE_OPGAVE, vandaag=date(2025, 3, 3))

    oordeel = wijs_toe(baan, replace(EERSTE_OPGAVE, toewijzingsdatum=date(2025, 3, 3), reden_wijziging="14", **changes))

    assert uitkomst(oordeel) == afgekeurd("9332")


def test_iv066_another_omvang_ends_the_old_number_and_begins_a_new_one() -> None:
    """The old toewijzing is ended and a new one follows on the day after, in one 301."""
    baan = nieuwe_baan(EERSTE_OPGAVE, vandaag=date(2025, 3, 3))
    ended = replace(EERSTE_OPGAVE, toewijzingsdatum=date(2025, 3, 3), einddatum=date(2025, 3, 31), reden_wijziging="14")
    follows = toegewezen(4322, "A1", date(2025, 4, 1), date(2025, 12, 31), ZES_UUR, op=date(2025, 3, 3))

    assert uitkomst(wijs_toe(baan, ended, follows)) == AANGENOMEN


def test_iv066_sending_again_keeps_number_and_moment() -> None:
    """The same line once more is no new version."""
    baan = nieuwe_baan(EERSTE_OPGAVE, vandaag=date(2025, 3, 3))

    assert uitkomst(wijs_toe(baan, EERSTE_OPGAVE)) == AANGENOMEN
    assert len(baan.snapshot.toewijzingen[GEMEENTE, 4321]) == 1


# ---- IV092: how a verzoek om wijziging is filled ----

MAART, EINDE_2025 = date(2025, 3, 1), date(2025, 12, 31)
IV092_1 = (
    toegewezen(432, "B1", MAART, date(2026, 12, 31)),
    toegewezen(543, "C1", MAART, EINDE_2025, TACHTIG_UUR_IN_TOTAAL),
)
IV092_2 = (toegewezen(789, "A1", MAART, EINDE_2025), toegewezen(910, "C1", MAART, EINDE_2025, VIER_DAGDELEN))


def test_iv092_example_1_a_product_makes_way_for_another() -> None:
    """543 stays, 432 ends on 31 August, B2 follows on 1 September: the change of 432 is asked from its own first day."""
    baan = nieuwe_baan(*IV092_1, vandaag=date(2025, 7, 15))

    oordeel = verzoek_wijziging(
        baan,
        blijft(543),
        wijzigt(432, MAART, date(2025, 8, 31)),
        nieuw("B2", date(2025, 9, 1), date(2026, 12, 31), ZES_UUR),
    )

    assert uitkomst(oordeel) == AANGENOMEN
    assert status_van(baan, "A001") is VerzoekStatus.OPEN


@pytest.mark.parametrize(
    ("delen", "codes"),
    [
        pytest.param((wijzigt(432, MAART, date(2025, 8, 31)),), ("9349",), id="een actuele toewijzing ontbreekt"),
        pytest.param((blijft(543), wijzigt(432, date(2025, 6, 1), date(2025, 8, 31))), ("9357",), id="per een dag die voorbij is"),
        pytest.param(
            (blijft(432), wijzigt(543, date(2025, 9, 1), EINDE_2025, replace(TACHTIG_UUR_IN_TOTAAL, volume=100))),
            ("9373",),
            id="een ander totaal per een latere dag",
        ),
        pytest.param(
            (blijft(543), blijft(432), nieuw("B1", date(2025, 9, 1), date(2026, 12, 31), ZES_UUR)), ("9361",), id="nieuw terwijl het loopt"
        ),
        pytest.param((blijft(543), wijzigt(432, MAART, date(2025, 8, 31)), blijft(999)), ("9350",), id="een onbekende toewijzing"),
    ],
)
def test_iv092_example_1_asked_otherwise_than_its_conditions_allow(
    delen: tuple[OngewijzigdProduct | TeWijzigenProduct | NieuwProduct, ...], codes: tuple[str, ...]
) -> None:
    """All current toewijzingen are in it, a change begins in the future or with the toewijzing, a total changes over its whole period."""
    baan = nieuwe_baan(*IV092_1, vandaag=date(2025, 7, 15))

    assert uitkomst(verzoek_wijziging(baan, *delen)) == afgekeurd(*codes)


def test_iv092_a_total_may_change_over_its_whole_period() -> None:
    """From its own first day, and with another end."""
    baan = nieuwe_baan(*IV092_1, vandaag=date(2025, 7, 15))
    more = replace(TACHTIG_UUR_IN_TOTAAL, volume=100)

    assert uitkomst(verzoek_wijziging(baan, blijft(432), wijzigt(543, MAART, date(2026, 3, 31), more))) == AANGENOMEN


@pytest.mark.parametrize(
    "tweede",
    [
        pytest.param((wijzigt(910, MAART, date(2026, 7, 1), VIER_DAGDELEN),), id="2a"),
        pytest.param((blijft(910), nieuw("C1", date(2026, 1, 1), date(2026, 7, 1), TWEE_DAGDELEN)), id="2b"),
    ],
)
def test_iv092_example_2_more_hours_and_a_longer_period(
    tweede: tuple[OngewijzigdProduct | TeWijzigenProduct | NieuwProduct, ...],
) -> None:
    """789 grows to five hours from 1 November and runs on; C1 is extended (2a) or asked anew for less after its end (2b)."""
    baan = nieuwe_baan(*IV092_2, vandaag=date(2025, 10, 15))

    oordeel = verzoek_wijziging(baan, wijzigt(789, date(2025, 11, 1), date(2026, 7, 1), VIJF_UUR), *tweede)

    assert uitkomst(oordeel) == AANGENOMEN


def test_iv092_example_2b_before_the_end_of_the_toewijzing_is_no_new_product() -> None:
    """A NieuwProduct that begins while C1 still runs overlaps with it (9361)."""
    baan = nieuwe_baan(*IV092_2, vandaag=date(2025, 10, 15))

    oordeel = verzoek_wijziging(baan, blijft(789), blijft(910), nieuw("C1", EINDE_2025, date(2026, 7, 1), TWEE_DAGDELEN))

    assert uitkomst(oordeel) == afgekeurd("9361")


# ---- IV093: how a verzoek om wijziging is granted ----

JANUARI = date(2025, 1, 1)
IV093_E = toegewezen(123001, "E1", JANUARI, EINDE_2025, VIER_UUR)
IV093_F = toegewezen(123002, "F1", JANUARI, EINDE_2025)
UIT_A001: dict[str, Any] = {"referentie_aanbieder": "A001", "reden_wijziging": DOOR_AANBIEDER, "toewijzingsdatum": date(2025, 6, 2)}


def iv093_1() -> Baan:
    """Example 1 in the middle of May: E runs longer, F doubles on 12 June."""
    baan = nieuwe_baan(IV093_E, IV093_F, vandaag=date(2025, 5, 15))
    asked = verzoek_wijziging(
        baan,
        wijzigt(123001, JANUARI, date(2026, 6, 30), VIER_UUR),
        wijzigt(123002, date(2025, 6, 12), EINDE_2025, ZES_UUR),
    )
    assert uitkomst(asked) == AANGENOMEN
    baan.vandaag = date(2025, 6, 2)
    return baan


def iv093_grant() -> tuple[ToegewezenProduct, ToegewezenProduct, ToegewezenProduct]:
    """E extended, F ended on 11 June, and F with six hours on a new number that has no RedenWijziging."""
    return (
        replace(IV093_E, einddatum=date(2026, 6, 30), **UIT_A001),
        replace(IV093_F, einddatum=date(2025, 6, 11), **UIT_A001),
        toegewezen(123078, "F1", date(2025, 6, 12), EINDE_2025, ZES_UUR, op=date(2025, 6, 2), referentie_aanbieder="A001"),
    )


def test_iv093_example_1_an_extension_and_a_replacement_are_granted() -> None:
    """All three lines carry the reference; after it the request is granted and three toewijzingen stand."""
    baan = iv093_1()

    oordeel = wijs_toe(baan, *iv093_grant())

    assert uitkomst(oordeel) == AANGENOMEN
    assert status_van(baan, "A001") is VerzoekStatus.TOEGEWEZEN
    current = {nummer: baan.snapshot.actueel(GEMEENTE, nummer) for nummer in (123001, 123002, 123078)}
    assert {nummer: each.einddatum for nummer, each in current.items() if each} == {
        123001: date(2026, 6, 30),
        123002: date(2025, 6, 11),
        123078: EINDE_2025,
    }


def test_iv093_a_grant_is_no_mix() -> None:
    """One line without the reference, and the 301 does not answer the request as a whole (9379)."""
    extended, ended, begun = iv093_grant()

    oordeel = wijs_toe(iv093_1(), extended, ended, replace(begun, referentie_aanbieder=None))

    assert uitkomst(oordeel) == afgekeurd("9379")


def test_iv093_another_omvang_of_f_on_its_own_number_is_refused() -> None:
    """The new hours of F are not a version of 123002: its omvang is per week (IV066)."""
    extended, _, _ = iv093_grant()

    oordeel = wijs_toe(iv093_1(), extended, replace(IV093_F, omvang=ZES_UUR, **UIT_A001))

    assert uitkomst(oordeel) == afgekeurd("9332")


@pytest.mark.parametrize(
    ("einde_b", "begin_c"), [(date(2025, 5, 23), date(2025, 5, 24)), (date(2025, 5, 15), date(2025, 5, 16))], ids=["2a", "2b"]
)
def test_iv093_example_2_a_late_grant_on_other_days_or_on_those_asked(einde_b: date, begin_c: date) -> None:
    """A stays, B makes way for C on 16 May; the gemeente decides on 23 May, for the days after it (2a) or as asked (2b).

    The text dates the request in April 2023, between dates of 2025; it is April 2025 here.
    """
    a, b = toegewezen(345001, "A1", JANUARI, EINDE_2025), toegewezen(345002, "B1", JANUARI, EINDE_2025)
    baan = nieuwe_baan(a, b, vandaag=date(2025, 4, 15))
    asked = verzoek_wijziging(baan, blijft(345001), wijzigt(345002, JANUARI, date(2025, 5, 15)), nieuw("C1", date(2025, 5, 16), EINDE_2025))
    baan.vandaag = date(2025, 5, 23)

    granted = wijs_toe(
        baan,
        replace(a, referentie_aanbieder="A001"),
        replace(b, einddatum=einde_b, **{**UIT_A001, "toewijzingsdatum": date(2025, 5, 23)}),
        toegewezen(345003, "C1", begin_c, EINDE_2025, op=date(2025, 5, 23), referentie_aanbieder="A001"),
    )

    assert (uitkomst(asked), uitkomst(granted)) == (AANGENOMEN, AANGENOMEN)
    assert status_van(baan, "A001") is VerzoekStatus.TOEGEWEZEN


@pytest.mark.parametrize("begin_y", [date(2026, 5, 8), date(2026, 5, 15)], ids=["3a", "3b"])
def test_iv093_example_3_a_late_grant_of_what_follows(begin_y: date) -> None:
    """X ends on 7 May 2026, Y is asked from 8 May and granted on 15 May: from the day asked (3a), or from the day of deciding (3b).

    X is sent unchanged with the reference although it has ended. The text lets Y start on 7 May in 3a, the last day of X; that is delivery and
    no part of these berichten.
    """
    x = toegewezen(678001, "X1", JANUARI, date(2026, 5, 7))
    baan = nieuwe_baan(x, vandaag=date(2026, 4, 15))
    asked = verzoek_wijziging(baan, blijft(678001), nieuw("Y1", date(2026, 5, 8), date(2026, 12, 31)))
    baan.vandaag = date(2026, 5, 15)

    follows = toegewezen(678002, "Y1", begin_y, date(2026, 12, 31), op=date(2026, 5, 15), referentie_aanbieder="A001")
    granted = wijs_toe(baan, replace(x, referentie_aanbieder="A001"), follows)

    assert (uitkomst(asked), uitkomst(granted)) == (AANGENOMEN, AANGENOMEN)
    assert status_van(baan, "A001") is VerzoekStatus.TOEGEWEZEN


# ---- IV094 and IV097: how a verzoek om toewijzing is granted, and the reference ----


def verzoek_toewijzing(baan: Baan) -> Oordeel:
    """The oordeel on a 315 for A1 (reference VR1) and B1 (VR2) from 1 June."""
    asked = (
        make_aangevraagd_product(
            referentie,
            product=product(naam),
            toewijzing_ingangsdatum=date(2025, 6, 1),
            toewijzing_einddatum=EINDE_2025,
            omvang=VIER_UUR,
        )
        for referentie, naam in (("VR1", "A1"), ("VR2", "B1"))
    )
    return baan.beoordeel(vandaag_gestuurd(baan, make_315(*asked)))


def test_iv094_the_gemeente_grants_by_its_own_judgement() -> None:
    """Other days, another omvang and even another product; each line has the reference of its own request, what ran already has none."""
    running = toegewezen(500, "X1", JANUARI, EINDE_2025)
    baan = nieuwe_baan(running, vandaag=date(2025, 5, 15))
    asked = verzoek_toewijzing(baan)
    less = toegewezen(501, "A1", date(2025, 7, 1), date(2025, 9, 30), DRIE_UUR, op=baan.vandaag, referentie_aanbieder="VR1")
    other = toegewezen(502, "B9", date(2025, 6, 1), EINDE_2025, ZES_UUR, op=baan.vandaag, referentie_aanbieder="VR2")

    granted = wijs_toe(baan, running, less, other)

    assert (uitkomst(asked), uitkomst(granted)) == (AANGENOMEN, AANGENOMEN)
    assert {status_van(baan, referentie) for referentie in ("VR1", "VR2")} == {VerzoekStatus.TOEGEWEZEN}


def test_iv094_a_315_is_granted_product_by_product() -> None:
    """One of the two products is granted; the other request stays open."""
    baan = nieuwe_baan(vandaag=date(2025, 5, 15))
    verzoek_toewijzing(baan)

    granted = wijs_toe(baan, toegewezen(501, "A1", date(2025, 6, 1), EINDE_2025, op=baan.vandaag, referentie_aanbieder="VR1"))

    assert uitkomst(granted) == AANGENOMEN
    assert (status_van(baan, "VR1"), status_van(baan, "VR2")) == (VerzoekStatus.TOEGEWEZEN, VerzoekStatus.OPEN)


def test_iv097_a_later_change_of_the_gemeente_has_no_reference() -> None:
    """After the grant an Einddatum of the gemeente's own making goes without the reference; with it, it is refused (9379)."""
    baan = nieuwe_baan(vandaag=date(2025, 5, 15))
    verzoek_toewijzing(baan)
    granted = toegewezen(501, "A1", date(2025, 6, 1), EINDE_2025, op=baan.vandaag, referentie_aanbieder="VR1")
    wijs_toe(baan, granted)
    baan.vandaag = date(2025, 9, 1)
    shortened = replace(granted, einddatum=date(2025, 9, 30), reden_wijziging="05", toewijzingsdatum=baan.vandaag)

    with_reference = wijs_toe(baan, shortened)
    without = wijs_toe(baan, replace(shortened, referentie_aanbieder=None))

    assert uitkomst(with_reference) == afgekeurd("9379")
    assert uitkomst(without) == AANGENOMEN


@pytest.mark.parametrize("jaar", [2026, 2025], ids=["tekst van iJw", "tekst van iWmo"])
def test_iv097_a_granted_317_has_one_reference_on_every_line(jaar: int) -> None:
    """B gets another end, 30 June 2026; A is sent along unchanged, with the reference of the request (667788).

    The text means half a year longer. The copy of iJw moved the toewijzingen to 2026 and not that day, so that there it is half a year less.
    """
    a, b = (toegewezen(nummer, naam, date(jaar, 1, 1), date(jaar, 12, 31)) for nummer, naam in ((345001, "A1"), (345002, "B1")))
    baan = nieuwe_baan(a, b, vandaag=date(jaar, 4, 15))
    asked = verzoek_wijziging(baan, blijft(345001), wijzigt(345002, date(jaar, 1, 1), date(2026, 6, 30)), referentie="667788")

    changed = replace(b, einddatum=date(2026, 6, 30), **{**UIT_A001, "referentie_aanbieder": "667788", "toewijzingsdatum": baan.vandaag})
    granted = wijs_toe(baan, replace(a, referentie_aanbieder="667788"), changed)

    assert (uitkomst(asked), uitkomst(granted)) == (AANGENOMEN, AANGENOMEN)
    assert status_van(baan, "667788") is VerzoekStatus.TOEGEWEZEN


def test_iv097_a_reference_of_no_request_is_refused() -> None:
    """A toewijzing on the gemeente's own initiative has none (9379)."""
    baan = nieuwe_baan(vandaag=date(2025, 5, 15))

    oordeel = wijs_toe(baan, toegewezen(501, "A1", date(2025, 6, 1), EINDE_2025, op=baan.vandaag, referentie_aanbieder="VR1"))

    assert uitkomst(oordeel) == afgekeurd("9379")

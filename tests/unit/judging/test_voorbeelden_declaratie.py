"""What the standard works out about declaraties: crediteren (IV085, IV086, IV091), the declaratie-antwoord (IV087), late claims (IV090)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.bedrag import BedragMetDC, totaal_met_dc
from app.domain.bericht import Bericht, Domein
from app.domain.declaratie import DeclaratieAntwoord, DeclaratieClient
from app.domain.oordeel import Oordeel, Verdict
from app.domain.snapshot import Toewijzing
from app.domain.toewijzing import Omvang
from app.standard.answering import antwoord
from tests.builders import (
    BSN,
    GEMEENTE,
    days,
    make_323,
    make_declaratie,
    make_month,
    make_tariefregel,
)
from tests.unit.judging.baan import NA_AFLOOP, OUDSTE, Baan, baan_met, credit_van, regel_op, retourcodes_per_regel, toewijzing_voor

DOMEINEN: tuple[Domein, ...] = ("ijw", "iwmo")
MEI = make_month(2026, 5)
TIEN_UUR = Omvang(volume=10, eenheid="04", frequentie="2")
HEEL_2026 = toewijzing_voor(TIEN_UUR, date(2026, 1, 1), date(2026, 12, 31))
ONBEKENDE_BSN = "999900031"
ACHT_UUR = regel_op(HEEL_2026, "R1", MEI, 8)


def answer_to(oordeel: Oordeel) -> tuple[Bericht, DeclaratieAntwoord]:
    """The 325 and its class DeclaratieAntwoord."""
    answer = antwoord(oordeel, identificatie="A1", dagtekening=NA_AFLOOP)
    assert answer.declaratie_antwoord is not None
    return answer, answer.declaratie_antwoord


# ---- IV085: when a prestatie may be credited ----


def test_iv085_a_granted_debit_may_be_credited() -> None:
    """After the 325 that granted the debit its credit is granted, and the money goes back."""
    baan = baan_met(HEEL_2026)
    granted = baan.declareer(ACHT_UUR)

    credit = baan.declareer(credit_van(ACHT_UUR, "R2"))

    assert (granted.toegekend_cent, credit.toegekend_cent) == (480_00, -480_00)
    assert (credit.verdict, retourcodes_per_regel(credit)) == (Verdict.VERWERKT, [()])


def test_iv085_a_refused_debit_is_never_credited() -> None:
    """The debit was above its volume, so no money was given and none can be asked back (8017)."""
    baan = baan_met(HEEL_2026)
    refused = regel_op(HEEL_2026, "R1", MEI, 100)
    baan.declareer(refused)

    credit = baan.declareer(credit_van(refused, "R2"))

    assert retourcodes_per_regel(credit) == [("8017",)]


def test_iv085_a_debit_of_no_answered_declaratie_is_not_credited() -> None:
    """Without a 325 on the debit there is nothing to credit (8017)."""
    assert retourcodes_per_regel(baan_met(HEEL_2026).declareer(credit_van(ACHT_UUR, "R2"))) == [("8017",)]


def test_iv085_a_gemeente_cannot_refuse_a_credit_for_what_has_changed_since() -> None:
    """The toewijzing was shortened to before the debit and the tariff is another: the credit is granted, a new debit is not."""
    baan = baan_met(HEEL_2026)
    baan.declareer(ACHT_UUR)
    shortened = replace(HEEL_2026, einddatum=date(2026, 3, 31), toewijzingsdatum=date(2026, 6, 1))
    dearer = make_tariefregel(eenheid="04", tarief_cent=7000, geldig_van=OUDSTE)
    later = Baan(
        replace(
            baan.snapshot,
            toewijzingen={(GEMEENTE, HEEL_2026.toewijzing_nummer): (HEEL_2026, shortened)},
            tarieven={(GEMEENTE, dearer.categorie, dearer.code): (dearer,)},
        ),
        nummer=baan.nummer,
    )

    oordeel = later.declareer(credit_van(ACHT_UUR, "R2"), regel_op(HEEL_2026, "R3", MEI, 7))

    assert retourcodes_per_regel(oordeel)[0] == ()
    assert {"9308", "0611"} <= set(retourcodes_per_regel(oordeel)[1])
    assert oordeel.toegekend_cent == -480_00


# ---- IV086: debits and credits in one bericht ----


def test_iv086_a_first_debit_and_its_credit_do_not_stand_in_one_bericht() -> None:
    """They cancel out and should not have been sent: rejected as a whole (TR316, 0001)."""
    oordeel = baan_met(HEEL_2026).declareer(ACHT_UUR, credit_van(ACHT_UUR, "R2"))

    assert oordeel.retourcodes == {"/Bericht/Header": ("0001",)}
    assert {bevinding.regel for bevinding in oordeel.bevindingen} == {"TR316"}


@pytest.mark.parametrize("credit_first", [True, False])
def test_iv086_a_credit_and_a_second_debit_may_stand_in_one_bericht(credit_first: bool) -> None:
    """In either order; without the credit the second debit is refused (9389)."""
    second = regel_op(HEEL_2026, "R3", MEI, 6)
    lines = (credit_van(ACHT_UUR, "R2"), second) if credit_first else (second, credit_van(ACHT_UUR, "R2"))
    alone, together = baan_met(HEEL_2026), baan_met(HEEL_2026)
    alone.declareer(ACHT_UUR)
    together.declareer(ACHT_UUR)

    assert retourcodes_per_regel(alone.declareer(second)) == [("9389",)]
    oordeel = together.declareer(*lines)
    assert (retourcodes_per_regel(oordeel), oordeel.toegekend_cent) == ([(), ()], 360_00 - 480_00)


def test_iv086_the_total_is_debits_less_credits() -> None:
    """A total that adds the credit up instead is rejected as a whole (TR358). IV086 says header; the element stands in Declaratie."""
    baan = baan_met(HEEL_2026)
    baan.declareer(ACHT_UUR)
    lines = (credit_van(ACHT_UUR, "R2"), regel_op(HEEL_2026, "R3", MEI, 6))

    added = baan.declareer(*lines, totaal_ingediend_bedrag=totaal_met_dc(480_00 + 360_00))
    subtracted = baan.declareer(*lines, totaal_ingediend_bedrag=totaal_met_dc(-120_00))

    assert {bevinding.regel for bevinding in added.bevindingen} == {"TR358"}
    assert (subtracted.verdict, subtracted.toegekend_cent) == (Verdict.VERWERKT, -120_00)


# ---- IV091: how a credit is filled ----


@pytest.mark.parametrize(
    "difference",
    [
        {"geleverd_volume": 7},
        {"ingediend_bedrag": BedragMetDC(bedrag=479_99, debet_credit="C")},
        {"product_tarief": 6100},
        {"eenheid": "01"},
        {"product_periode": make_month(2026, 4)},
        {"product_code": "45A05"},
        {"product_categorie": "44"},
        {"toewijzing_nummer": 1002},
    ],
    ids=lambda difference: next(iter(difference)),
)
def test_iv091_a_credit_is_identical_to_its_debit(difference: dict[str, Any]) -> None:
    """But for its own number, the debit's number and C; whatever else differs is refused."""
    baan = baan_met(HEEL_2026)
    baan.declareer(ACHT_UUR)

    oordeel = baan.declareer(credit_van(ACHT_UUR, "R2", **difference))

    assert "8017" in retourcodes_per_regel(oordeel)[0]
    assert oordeel.toegekend_cent == 0


def test_iv091_a_credit_has_a_number_of_its_own() -> None:
    """The number of the debit is used (8021)."""
    baan = baan_met(HEEL_2026)
    baan.declareer(ACHT_UUR, regel_op(HEEL_2026, "R9", make_month(2026, 4), 1))

    oordeel = baan.declareer(credit_van(ACHT_UUR, "R9"))

    assert retourcodes_per_regel(oordeel) == [("8021",)]


def test_iv091_a_debit_is_credited_once() -> None:
    """The second credit is refused (9390); within one bericht the bericht is (TR315)."""
    baan = baan_met(HEEL_2026)
    baan.declareer(ACHT_UUR)
    twice = baan.declareer(credit_van(ACHT_UUR, "R2"), credit_van(ACHT_UUR, "R3"))
    baan.declareer(credit_van(ACHT_UUR, "R4"))

    again = baan.declareer(credit_van(ACHT_UUR, "R5"))

    assert {bevinding.regel for bevinding in twice.bevindingen} == {"TR315"}
    assert retourcodes_per_regel(again) == [("9390",)]


# ---- IV087: the declaratie-antwoord ----


@pytest.mark.parametrize("domein", DOMEINEN)
def test_iv087_a_granted_declaratie(domein: Domein) -> None:
    """Header 0200, DeclaratieAntwoord 8001, granted equals claimed (TotaalToegekendBedrag; the text writes another name), no clients."""
    toewijzing = toewijzing_voor(TIEN_UUR, date(2026, 1, 1), date(2026, 12, 31), domein)
    oordeel = baan_met(toewijzing, domein=domein).declareer(regel_op(toewijzing, "R1", MEI, 8))

    answer, body = answer_to(oordeel)

    assert answer.header.declaratie_identificatie == oordeel.bericht.header.bericht_identificatie
    assert (answer.header.retour_codes, body.retour_codes, body.clienten) == (("0200",), ("8001",), ())
    assert body.totaal_toegekend_bedrag == body.totaal_ingediend_bedrag == totaal_met_dc(480_00)


def test_iv087_a_fault_within_the_bericht_gives_a_header_only() -> None:
    """Controleniveau 2: 0001 and nothing else; the same number may be used again, for nothing was processed."""
    baan = baan_met(HEEL_2026)
    oordeel = baan.declareer(ACHT_UUR, totaal_ingediend_bedrag=totaal_met_dc(1), declaratie_nummer="D1")

    answer = antwoord(oordeel, identificatie="A1", dagtekening=NA_AFLOOP)
    corrected = baan.declareer(ACHT_UUR, declaratie_nummer="D1")

    assert (answer.header.retour_codes, answer.declaratie_antwoord) == (("0001",), None)
    assert corrected.verdict is Verdict.VERWERKT


def test_iv087_a_fault_in_the_header_gives_a_header_only_with_its_code() -> None:
    """Controleniveau 3: the Identificatie was used before (9056)."""
    baan = baan_met(HEEL_2026)
    declaratie = make_declaratie([DeclaratieClient(bsn=BSN, prestaties=(ACHT_UUR,))])
    baan.beoordeel(make_323(declaratie=declaratie, identificatie="B1"))

    again = baan.beoordeel(make_323(declaratie=replace(declaratie, declaratie_nummer="D2"), identificatie="B1"))

    answer = antwoord(again, identificatie="A1", dagtekening=NA_AFLOOP)
    assert (answer.header.retour_codes, answer.declaratie_antwoord) == (("9056",), None)


def test_iv087_a_used_declaratienummer_refuses_the_declaratie() -> None:
    """Header 0200, DeclaratieAntwoord 9333, nothing granted, no clients; nothing of it is processed."""
    baan = baan_met(HEEL_2026)
    baan.declareer(ACHT_UUR, declaratie_nummer="D1")
    april = regel_op(HEEL_2026, "R2", make_month(2026, 4), 8)

    oordeel = baan.declareer(april, declaratie_nummer="D1")

    answer, body = answer_to(oordeel)
    assert (answer.header.retour_codes, body.retour_codes, body.clienten) == (("0200",), ("9333",), ())
    assert body.totaal_toegekend_bedrag == totaal_met_dc(0)
    assert retourcodes_per_regel(baan.declareer(april)) == [()]


def test_iv087_a_fault_in_a_client_leaves_its_prestaties_unjudged() -> None:
    """The code stands on the Client, 0233 on every line of it; the client without fault is not in the answer."""
    baan = baan_met(HEEL_2026)
    lines = (regel_op(HEEL_2026, "R2", make_month(2026, 4), 1), regel_op(HEEL_2026, "R3", make_month(2026, 3), 100))
    stranger = DeclaratieClient(bsn=ONBEKENDE_BSN, prestaties=lines)
    clienten = [DeclaratieClient(bsn=BSN, prestaties=(ACHT_UUR,)), stranger]

    oordeel = baan.beoordeel(make_323(declaratie=make_declaratie(clienten)))

    answer, body = answer_to(oordeel)
    assert (answer.header.retour_codes, body.retour_codes) == (("0200",), ("0200",))
    assert [(client.bsn, client.retour_codes) for client in body.clienten] == [(stranger.bsn, ("8187",))]
    assert [line.retour_codes for line in body.clienten[0].prestaties] == [("0233",), ("0233",)]
    assert body.totaal_toegekend_bedrag == totaal_met_dc(480_00)


def test_iv087_a_refused_line_comes_back_with_its_codes_and_its_client_with_0200() -> None:
    """What was granted is not in the answer; the lines that are explain the difference with what was claimed (TR342)."""
    too_much = regel_op(HEEL_2026, "R2", make_month(2026, 4), 100)
    oordeel = baan_met(HEEL_2026).declareer(ACHT_UUR, too_much)

    answer, body = answer_to(oordeel)

    assert (answer.header.retour_codes, body.retour_codes) == (("0200",), ("0200",))
    assert [client.retour_codes for client in body.clienten] == [("0200",)]
    assert [(line.product_referentie.referentie_nummer, line.retour_codes) for line in body.clienten[0].prestaties] == [("R2", ("9321",))]
    refused = sum(line.ingediend_bedrag.cent for client in body.clienten for line in client.prestaties)
    assert body.totaal_ingediend_bedrag.cent - body.totaal_toegekend_bedrag.cent == refused == 6000_00


# ---- IV090: claiming afterwards ----


def after_may(jaar: int, domein: Domein) -> tuple[Baan, Toewijzing]:
    """January, February, March and May of a year are claimed, as in the example; nothing in April."""
    toewijzing = toewijzing_voor(TIEN_UUR, date(jaar, 1, 1), date(jaar, 12, 31), domein)
    baan = baan_met(toewijzing, domein=domein)
    for maand in (1, 2, 3, 5):
        periode = make_month(jaar, maand)
        oordeel = baan.declareer(regel_op(toewijzing, f"M{maand}", periode, 1), maand=periode)
        assert oordeel.verdict is Verdict.VERWERKT
    return baan, toewijzing


@pytest.mark.parametrize("jaar", [2026, 2025], ids=["iJw", "iWmo"])
@pytest.mark.parametrize("domein", DOMEINEN)
@pytest.mark.parametrize(("maand", "codes"), [(4, ("8214",)), (5, ()), (6, ())])
def test_iv090_a_missed_month_goes_with_the_last_period_or_a_later_one(
    domein: Domein, jaar: int, maand: int, codes: tuple[str, ...]
) -> None:
    """Care of April, found in June, is claimed as a second declaratie of May or with June, not with April itself (TR318).

    The text speaks of April and of March for the same lines; March has a declaratie already, so it is April that was missed.
    """
    baan, toewijzing = after_may(jaar, domein)

    oordeel = baan.declareer(regel_op(toewijzing, "LAAT", make_month(jaar, 4), 8), maand=make_month(jaar, maand))

    assert oordeel.retourcodes.get("/Bericht/Declaratie", ()) == codes
    assert oordeel.toegekend_cent == (0 if codes else 480_00)


@pytest.mark.parametrize("jaar", [2026, 2025], ids=["iJw", "iWmo"])
@pytest.mark.parametrize("domein", DOMEINEN)
def test_iv090_a_period_of_more_months_is_a_prestatie_per_month(domein: Domein, jaar: int) -> None:
    """15 February to 30 April is three lines in one bericht, the first of which begins with the toewijzing."""
    toewijzing = toewijzing_voor(TIEN_UUR, date(jaar, 2, 15), date(jaar, 4, 30), domein)
    periodes = (days(date(jaar, 2, 15), date(jaar, 2, 28)), make_month(jaar, 3), make_month(jaar, 4))

    lines = [regel_op(toewijzing, f"P{nr}", periode, 8) for nr, periode in enumerate(periodes, 1)]
    split = baan_met(toewijzing, domein=domein).declareer(*lines, maand=make_month(jaar, 5))
    whole_period = regel_op(toewijzing, "P1", days(date(jaar, 2, 15), date(jaar, 4, 30)), 24)
    whole = baan_met(toewijzing, domein=domein).declareer(whole_period, maand=make_month(jaar, 5))

    assert (retourcodes_per_regel(split), split.toegekend_cent) == ([(), (), ()], 3 * 480_00)
    assert {bevinding.regel for bevinding in whole.bevindingen} == {"CS337"}

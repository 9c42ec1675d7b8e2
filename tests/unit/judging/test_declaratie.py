"""Judging a 323: levels, lines, credits before debits, waiting for a contract, and what the oordeel says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.bedrag import totaal_met_dc
from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient
from app.domain.oordeel import Niveau, Oordeel, Verdict
from app.domain.snapshot import Overgang, Snapshot
from app.domain.toewijzing import Omvang
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from tests.builders import (
    AGB,
    ANDERE_BSN,
    ANDERE_CLIENT_ID,
    BSN,
    CATEGORIE,
    CLIENT_ID,
    CODE,
    GEMEENTE,
    NUMMER,
    VANDAAG,
    make_323,
    make_credit,
    make_debet,
    make_declaratie,
    make_levering,
    make_month,
    make_prestatie,
    make_snapshot,
    make_tariefregel,
    make_toewijzing,
    next_day,
)

LINE = "/Bericht/Declaratie/Clienten/Client[{}]/Prestaties/Prestatie[{}]"
KEY = (GEMEENTE, NUMMER)
IN_TOTAL = Omvang(volume=20, eenheid="04", frequentie="6")
APRIL, MAART = make_month(2026, 4), make_month(2026, 3)


def judge(bericht: Bericht, snapshot: Snapshot | None = None, **options: bool) -> Oordeel:
    """The oordeel on the day the builders live in."""
    return beoordeel(bericht, snapshot or make_snapshot(), vandaag=VANDAAG, bericht_nr=9, **options)


def after_debet(**changes: object) -> Snapshot:
    """A past in which R0, the default debit, was granted."""
    debet = make_debet(**changes)  # type: ignore[arg-type]
    return make_snapshot(
        debets={(GEMEENTE, "R0"): debet},
        open_debets={GEMEENTE: frozenset({(NUMMER, CATEGORIE, CODE, debet.begindatum, debet.einddatum)})},
        verbruik={KEY: {"04": debet.volume}},
        besteed={KEY: debet.bedrag_cent},
        goedgekeurd=frozenset({KEY}),
        referentie_nummers=frozenset({(GEMEENTE, "R0")}),
    )


def test_a_declaratie_without_fault_is_granted_and_ready_to_book() -> None:
    """Zorgvorm, bearing gemeente and contract line are those of the first day of the ProductPeriode."""
    oordeel = judge(make_323())

    assert (oordeel.verdict, oordeel.niveau, oordeel.bevindingen, oordeel.retourcodes) == (Verdict.VERWERKT, None, (), {})
    assert (oordeel.ingediend_cent, oordeel.toegekend_cent) == (48_000, 48_000)
    (line,) = oordeel.prestaties
    assert (line.regel, line.client_index, line.prestatie_index, line.client_id) == (1, 0, 0, CLIENT_ID)
    assert (line.toegekend, line.zorgvorm, line.gemeente_drager, line.tarief_id) == (True, "ambulant", GEMEENTE, 11)


def test_a_product_without_zorgvorm_is_booked_as_unknown() -> None:
    """The region does not know the product, the contract does."""
    assert judge(make_323(), make_snapshot(producten={})).prestaties[0].zorgvorm == "onbekend"


def test_care_is_borne_and_priced_by_the_gemeente_after_a_herindeling() -> None:
    """Herindelingen are followed on the first day of the ProductPeriode."""
    tarief = make_tariefregel(gemeente="0687", tarief_id=12)
    overgang = Overgang(datum=date(2026, 5, 1), van=GEMEENTE, naar="0687")

    oordeel = judge(make_323(), make_snapshot(tarieven=(tarief,), overgangen=(overgang,)))

    assert (oordeel.prestaties[0].gemeente_drager, oordeel.prestaties[0].tarief_id) == ("0687", 12)


def test_niveau_2_rejects_technically_and_collects_everything() -> None:
    """0001 on the header; the rules of the next levels are not judged."""
    bad = make_prestatie(product_tarief=None, bedrag=1, vorig="R0", toewijzing_nummer=77)

    oordeel = judge(make_323(bad, dagtekening=next_day(VANDAAG)))

    assert (oordeel.verdict, oordeel.niveau) == (Verdict.AFGEKEURD, Niveau.TECHNISCH)
    assert oordeel.retourcodes == {"/Bericht/Header": ("0001",)}
    assert {bevinding.regel for bevinding in oordeel.bevindingen} == {"CD060", "CD087"}
    assert (oordeel.prestaties, oordeel.toegekend_cent, oordeel.telt_als_verzonden) == ((), 0, False)


def test_header_rules_reject_on_the_header() -> None:
    """Nothing below the header is judged."""
    oordeel = judge(make_323(make_prestatie(toewijzing_nummer=77), dagtekening=next_day(VANDAAG), ontvanger="9999"))

    assert (oordeel.verdict, oordeel.niveau) == (Verdict.AFGEKEURD, Niveau.HEADER)
    assert oordeel.retourcodes == {"/Bericht/Header": ("8848", "S300")}
    assert not oordeel.telt_als_verzonden


def test_declaratie_rules_reject_the_declaratie() -> None:
    """9333 and 8214 on Declaratie: it counts as not sent, and no line is judged."""
    past = make_snapshot(declaratie_nummers=frozenset({(GEMEENTE, "D1")}), laatste_declaratieperiode={GEMEENTE: date(2026, 6, 1)})

    oordeel = judge(make_323(), past)

    assert (oordeel.verdict, oordeel.niveau) == (Verdict.AFGEKEURD, Niveau.KLASSE)
    assert oordeel.retourcodes == {"/Bericht/Declaratie": ("9333", "8214")}
    assert (oordeel.prestaties, oordeel.toegekend_cent, oordeel.telt_als_verzonden) == ((), 0, False)


def test_a_refused_client_takes_its_lines_along_unjudged() -> None:
    """8187 on Client, 0233 on its lines; the other client is judged."""
    stranger = DeclaratieClient(bsn="999900031", prestaties=(make_prestatie("R1"), make_prestatie("R2", periode=APRIL)))
    known = DeclaratieClient(bsn=BSN, prestaties=(make_prestatie("R3", periode=MAART),))

    oordeel = judge(make_323(clienten=(stranger, known)))

    assert (oordeel.verdict, oordeel.niveau, oordeel.toegekend_cent) == (Verdict.DEELS_AFGEKEURD, Niveau.KLASSE, 48_000)
    assert oordeel.retourcodes == {"/Bericht/Declaratie/Clienten/Client[1]": ("8187",)}
    assert oordeel.niet_beoordeeld == {LINE.format(1, 1), LINE.format(1, 2)}
    assert [(line.regel, line.toegekend, line.retour_codes) for line in oordeel.prestaties] == [
        (1, False, ("0233",)),
        (2, False, ("0233",)),
        (3, True, ()),
    ]


def test_a_line_with_the_toewijzing_of_another_client_is_refused_alone() -> None:
    """The published example claims one toewijzing for two clients."""
    own = make_toewijzing(toewijzing_nummer=2, client_id=ANDERE_CLIENT_ID)
    wrong = make_prestatie("R2", periode=APRIL)
    clienten = (
        DeclaratieClient(bsn=BSN, prestaties=(make_prestatie(),)),
        DeclaratieClient(bsn=ANDERE_BSN, prestaties=(wrong, make_prestatie("R3", toewijzing_nummer=2))),
    )

    oordeel = judge(make_323(clienten=clienten), make_snapshot(make_toewijzing(), own))

    assert oordeel.retourcodes == {LINE.format(2, 1): ("9338",)}


def test_toewijzing_of_another_aanbieder_does_not_exist_for_the_sender() -> None:
    """OP095: the answer is the same as for a number that nobody has."""
    hidden = judge(make_323(), make_snapshot(make_toewijzing(agb="42420002")))
    absent = judge(make_323(), make_snapshot(toewijzingen={}))

    assert hidden.bevindingen == absent.bevindingen
    assert hidden.retourcodes == {LINE.format(1, 1): ("9338",)}


def test_all_lines_refused_is_rejected_but_counts_as_sent() -> None:
    """IV087: its DeclaratieNummer is used."""
    oordeel = judge(make_323(make_prestatie(product_tarief=6001)))

    assert (oordeel.verdict, oordeel.niveau) == (Verdict.AFGEKEURD, Niveau.KLASSE)
    assert oordeel.telt_als_verzonden


def test_a_line_carries_every_code_it_earned() -> None:
    """Findings are collected, each at its element and line."""
    oordeel = judge(make_323(make_prestatie(product_code="45A05", geleverd_volume=51, regelnummer=80)))

    assert oordeel.retourcodes == {LINE.format(1, 1): oordeel.prestaties[0].retour_codes}
    assert set(oordeel.prestaties[0].retour_codes) == {"9340", "9321"}
    volume = next(bevinding for bevinding in oordeel.bevindingen if bevinding.regel == "TR321")
    assert (volume.pad, volume.regelnummer, volume.waarde) == (f"{LINE.format(1, 1)}/GeleverdVolume", 80, "51")
    assert volume.melding == "In deze ProductPeriode is hoogstens 50 uur toegestaan; u declareert 51 uur."


def test_deleted_toewijzing_gives_9384_alone() -> None:
    """Its Einddatum is no reason for further codes."""
    deleted = make_toewijzing(reden_wijziging="13", einddatum=date(2026, 1, 1), toewijzingsdatum=date(2026, 2, 1))

    oordeel = judge(make_323(), make_snapshot(make_toewijzing(), deleted))

    assert oordeel.retourcodes == {LINE.format(1, 1): ("9384",)}


def test_the_version_decided_last_counts() -> None:
    """OP080: not the one that came last; here the earlier decision shortens, the later one extends."""
    shortened = make_toewijzing(bericht_nr=5, einddatum=date(2026, 5, 15), toewijzingsdatum=date(2026, 2, 1))
    extended = make_toewijzing(bericht_nr=4, einddatum=date(2027, 5, 15), toewijzingsdatum=date(2026, 2, 1), toewijzingstijd="10:00:01")

    assert judge(make_323(), make_snapshot(extended, shortened)).verdict is Verdict.VERWERKT


def test_total_counts_lines_of_the_same_bericht() -> None:
    """Twenty hours in total: 8 + 8 fit, a third time 8 does not; a smaller line after it still does."""
    lines = (
        make_prestatie("R1"),
        make_prestatie("R2", periode=APRIL),
        make_prestatie("R3", periode=MAART),
        make_prestatie("R4", periode=make_month(2026, 2), geleverd_volume=4),
    )

    oordeel = judge(make_323(*lines), make_snapshot(make_toewijzing(omvang=IN_TOTAL)))

    assert oordeel.retourcodes == {LINE.format(1, 3): ("9322",)}
    assert (oordeel.verdict, oordeel.toegekend_cent) == (Verdict.DEELS_AFGEKEURD, 20 * 6000)


def test_budget_counts_lines_of_the_same_bericht() -> None:
    """TR369 in cents."""
    lines = (make_prestatie("R1"), make_prestatie("R2", periode=APRIL))
    toewijzing = make_toewijzing(omvang=None, code=None, budget=95_999)

    assert judge(make_323(*lines), make_snapshot(toewijzing)).retourcodes == {LINE.format(1, 2): ("9369",)}
    assert not judge(make_323(*lines), make_snapshot(replace(toewijzing, budget=96_000))).retourcodes


def test_a_credit_mirrors_the_booking_of_its_debit() -> None:
    """Zorgvorm, bearing gemeente and contract line as booked then, not as they are now."""
    credit = make_credit("R1", make_prestatie("R0"))

    oordeel = judge(make_323(credit), after_debet())

    (line,) = oordeel.prestaties
    assert (oordeel.verdict, oordeel.ingediend_cent, oordeel.toegekend_cent) == (Verdict.VERWERKT, -48_000, -48_000)
    assert (line.zorgvorm, line.gemeente_drager, line.tarief_id) == ("verblijf", GEMEENTE, 11)
    assert (line.debet_bericht_nr, line.debet_regel) == (3, 7)


def test_a_credit_makes_room_for_a_new_debit_in_the_same_bericht() -> None:
    """Credits are judged first (OP366), also when they stand last; without the credit it is 9389."""
    credit, debet = make_credit("R1", make_prestatie("R0")), make_prestatie("R2", geleverd_volume=10)

    corrected = judge(make_323(debet, credit), after_debet())
    double = judge(make_323(debet), after_debet())

    assert (corrected.verdict, corrected.toegekend_cent) == (Verdict.VERWERKT, 12_000)
    assert [line.regel for line in corrected.prestaties] == [1, 2]
    assert double.retourcodes == {LINE.format(1, 1): ("9389",)}


def test_a_credit_gives_volume_back() -> None:
    """Eight of twenty hours were used; after the credit twenty fit."""
    past = after_debet()
    past = replace(past, toewijzingen=make_snapshot(make_toewijzing(omvang=IN_TOTAL)).toewijzingen)
    credit, debet = make_credit("R1", make_prestatie("R0")), make_prestatie("R2", geleverd_volume=20)

    assert judge(make_323(debet, credit), past).verdict is Verdict.VERWERKT


def test_a_credit_undoes_also_when_toewijzing_and_tariff_changed() -> None:
    """The toewijzing was deleted and the contract ended: the credit stands (IV085)."""
    deleted = make_toewijzing(reden_wijziging="13", einddatum=date(2026, 1, 1), toewijzingsdatum=date(2026, 2, 1))
    past = replace(after_debet(), toewijzingen={KEY: (make_toewijzing(), deleted)}, tarieven={})

    assert judge(make_323(make_credit("R1", make_prestatie("R0"))), past).verdict is Verdict.VERWERKT


def test_a_line_without_any_contract_line_holds_the_declaratie() -> None:
    """The 323 waits as a whole; nothing is refused."""
    lines = (make_prestatie("R1"), make_prestatie("R2", product_code="45A05", toewijzing_nummer=2))
    past = make_snapshot(make_toewijzing(), make_toewijzing(toewijzing_nummer=2, code="45A05"))

    oordeel = judge(make_323(*lines), past)

    assert (oordeel.verdict, oordeel.niveau) == (Verdict.WACHT_OP_CONTRACT, None)
    assert [(line.toegekend, line.wacht_op_contract) for line in oordeel.prestaties] == [(True, False), (False, True)]


def test_waiting_is_given_up_when_told_so() -> None:
    """Then the line is 0611 and the rest is granted."""
    lines = (make_prestatie("R1"), make_prestatie("R2", product_code="45A05", toewijzing_nummer=2))
    past = make_snapshot(make_toewijzing(), make_toewijzing(toewijzing_nummer=2, code="45A05"))

    oordeel = judge(make_323(*lines), past, zonder_contract_afwijzen=True)

    assert (oordeel.verdict, oordeel.retourcodes) == (Verdict.DEELS_AFGEKEURD, {LINE.format(1, 2): ("0611",)})


def test_a_refused_line_does_not_wait() -> None:
    """It is refused for another reason, with or without contract."""
    oordeel = judge(make_323(make_prestatie(geleverd_volume=51)), make_snapshot(tarieven=()))

    assert (oordeel.verdict, oordeel.retourcodes) == (Verdict.AFGEKEURD, {LINE.format(1, 1): ("9321",)})


def test_op364_starts_and_stops_change_nothing() -> None:
    """A prestatie is granted whatever was reported about delivery."""
    stopped = make_levering(einddatum=date(2026, 1, 20), reden_beeindiging="31")

    assert judge(make_323(), make_snapshot(leveringen={(GEMEENTE, CLIENT_ID): (make_levering(), stopped)})) == judge(make_323())


def test_two_lines_with_one_reference_are_both_refused() -> None:
    """Neither is unique (TR314)."""
    clienten = (
        DeclaratieClient(bsn=BSN, prestaties=(make_prestatie("R1"),)),
        DeclaratieClient(bsn=ANDERE_BSN, prestaties=(make_prestatie("R1", toewijzing_nummer=2),)),
    )
    own = make_toewijzing(toewijzing_nummer=2, client_id=ANDERE_CLIENT_ID)

    oordeel = judge(make_323(clienten=clienten), make_snapshot(make_toewijzing(), own))

    assert oordeel.retourcodes == {LINE.format(1, 1): ("8021",), LINE.format(2, 1): ("8021",)}


# The Snapshot after it.


def next_snapshot(snapshot: Snapshot, bericht: Bericht, nr: int = 9) -> tuple[Oordeel, Snapshot]:
    """Judge and update."""
    oordeel = beoordeel(bericht, snapshot, vandaag=VANDAAG, bericht_nr=nr)
    return oordeel, bijwerken(snapshot, oordeel, bericht_nr=nr, van=f"aanbieder:{AGB}")


def test_the_next_bericht_sees_what_was_granted() -> None:
    """Number, reference, Identificatie, debit and volume are used."""
    _, after = next_snapshot(make_snapshot(make_toewijzing(omvang=IN_TOTAL)), make_323(make_prestatie("R1", geleverd_volume=15)))

    assert judge(make_323(), after).retourcodes == {"/Bericht/Header": ("9056",)}
    again = judge(make_323(identificatie="B"), after)
    assert again.retourcodes == {"/Bericht/Declaratie": ("9333",)}
    second = make_declaratie((DeclaratieClient(bsn=BSN, prestaties=(make_prestatie("R1", geleverd_volume=6),)),), declaratie_nummer="D2")
    oordeel = judge(make_323(declaratie=second, identificatie="B"), after)
    assert set(oordeel.prestaties[0].retour_codes) == {"8021", "9389", "9322"}


def test_a_chain_of_debit_credit_and_debit_over_three_berichten() -> None:
    """Each sees the one before; at the end one debit stands, and what was credited cannot be credited again."""
    snapshot = make_snapshot()
    debet = make_prestatie("R1")
    steps = (debet, make_credit("R2", debet), make_prestatie("R3", geleverd_volume=10))
    for nr, line in enumerate(steps, 1):
        declaratie = make_declaratie((DeclaratieClient(bsn=BSN, prestaties=(line,)),), declaratie_nummer=f"D{nr}")
        oordeel, snapshot = next_snapshot(snapshot, make_323(declaratie=declaratie, identificatie=f"I{nr}"), nr)
        assert oordeel.verdict is Verdict.VERWERKT, oordeel.bevindingen

    assert (snapshot.verbruik[KEY]["04"], snapshot.besteed[KEY], snapshot.goedgekeurd) == (10, 60_000, frozenset({KEY}))
    assert snapshot.debets[GEMEENTE, "R1"].gecrediteerd
    last = make_declaratie((DeclaratieClient(bsn=BSN, prestaties=(make_credit("R4", debet),)),), declaratie_nummer="D4")
    assert judge(make_323(declaratie=last, identificatie="I4"), snapshot).prestaties[0].retour_codes == ("9390",)


def test_crediting_everything_frees_the_toewijzing() -> None:
    """TR385 looks at what stands."""
    _, after = next_snapshot(after_debet(), make_323(make_credit("R1", make_prestatie("R0"))))

    assert after.goedgekeurd == frozenset()
    assert after.open_debets[GEMEENTE] == frozenset()
    assert (after.verbruik[KEY], after.besteed[KEY]) == ({"04": 0}, 0)


@pytest.mark.parametrize(
    "bericht",
    [
        pytest.param(make_323(make_prestatie(vorig="R0")), id="technical"),
        pytest.param(make_323(dagtekening=next_day(VANDAAG)), id="header"),
        pytest.param(make_323(make_prestatie(product_code="45A09", toewijzing_nummer=5)), id="waits"),
    ],
)
def test_what_counts_as_not_sent_or_waits_changes_nothing(bericht: Bericht) -> None:
    """OP286; and a waiting 323 is judged anew later."""
    snapshot = make_snapshot(make_toewijzing(), make_toewijzing(toewijzing_nummer=5, code="45A09"))
    oordeel, after = next_snapshot(snapshot, bericht)

    assert oordeel.verdict in (Verdict.AFGEKEURD, Verdict.WACHT_OP_CONTRACT)
    assert after is snapshot


def test_references_of_refused_lines_are_used_too() -> None:
    """A refused line of a processed declaratie keeps its number [inferred]; it is no debit to credit."""
    _, after = next_snapshot(make_snapshot(), make_323(make_prestatie("R1", geleverd_volume=51)))

    assert (GEMEENTE, "R1") in after.referentie_nummers
    credit = make_323(
        declaratie=make_declaratie(
            (DeclaratieClient(bsn=BSN, prestaties=(make_credit("R2", make_prestatie("R1", geleverd_volume=51)),)),),
            declaratie_nummer="D2",
            totaal_ingediend_bedrag=totaal_met_dc(-51 * 6000),
        ),
        identificatie="B",
    )
    assert judge(credit, after).prestaties[0].retour_codes == ("8017",)

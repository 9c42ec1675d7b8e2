"""Judging 301, 305 and 307: rejected as a whole or taken over, and seen by the next bericht of the lot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.bericht import Bericht
from app.domain.errors import Parkeren
from app.domain.levering import TIJDELIJK, VERWIJDEREN
from app.domain.oordeel import Niveau, Oordeel, Verdict
from app.domain.snapshot import Snapshot
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from app.judging.kijken import kijk_op_bericht
from app.register import afzender_van
from tests.builders import (
    BSN,
    CLIENT_ID,
    GEMEENTE,
    NUMMER,
    VANDAAG,
    make_301,
    make_305,
    make_307,
    make_323,
    make_levering,
    make_snapshot,
    make_start,
    make_stop,
    make_toegewezen_product,
    make_toewijzing,
)

EMPTY = make_snapshot(toewijzingen={}, clienten={}, nieuwe_clienten={BSN: CLIENT_ID})
LEVERING = (GEMEENTE, CLIENT_ID)
START = "/Bericht/Client/StartProducten/StartProduct[{}]"


def judge(bericht: Bericht, snapshot: Snapshot, nr: int = 9) -> Oordeel:
    """The oordeel on the day the builders live in."""
    return beoordeel(bericht, snapshot, vandaag=VANDAAG, bericht_nr=nr)


def run(snapshot: Snapshot, *berichten: Bericht) -> tuple[list[Oordeel], Snapshot]:
    """Judge a lot in order, each bericht on the Snapshot after the one before."""
    oordelen = []
    for nr, bericht in enumerate(berichten, 1):
        oordeel = judge(bericht, snapshot, nr)
        snapshot = bijwerken(snapshot, oordeel, bericht_nr=nr, van=afzender_van(bericht))
        oordelen.append(oordeel)
    return oordelen, snapshot


def test_a_new_toewijzing_becomes_a_version() -> None:
    """As it stands in the 301, with its source; the client gets its number."""
    (oordeel,), after = run(EMPTY, make_301())

    assert (oordeel.verdict, oordeel.niveau, oordeel.ingediend_cent) == (Verdict.VERWERKT, None, None)
    assert oordeel.toewijzingen == (make_toewijzing(bericht_nr=1),)
    assert after.clienten == {BSN: CLIENT_ID}
    assert after.actueel(GEMEENTE, NUMMER) == make_toewijzing(bericht_nr=1)


def test_a_declaratie_in_the_same_lot_sees_the_toewijzing() -> None:
    """301 and then 323, from an empty register."""
    oordelen, _ = run(EMPTY, make_301(), make_305(), make_307(), make_323())

    assert [oordeel.verdict for oordeel in oordelen] == [Verdict.VERWERKT] * 4


def test_sending_again_adds_no_version() -> None:
    """IV013: the same Toewijzingsdatum and -tijd are the same version."""
    (oordeel,), after = run(make_snapshot(), make_301())

    assert (oordeel.verdict, oordeel.toewijzingen) == (Verdict.VERWERKT, ())
    assert after.toewijzingen == make_snapshot().toewijzingen


def test_an_older_version_is_kept_but_does_not_count() -> None:
    """Decided before, received after (OP080)."""
    older = make_toegewezen_product(toewijzingsdatum=date(2025, 12, 1), einddatum=date(2026, 2, 28))

    (oordeel,), after = run(make_snapshot(), make_301(older))

    assert len(oordeel.toewijzingen) == 1
    assert len(after.toewijzingen[GEMEENTE, NUMMER]) == 2
    assert after.actueel(GEMEENTE, NUMMER) == make_toewijzing()


def test_a_301_is_rejected_as_a_whole() -> None:
    """One line at fault: no version of any line, codes on its class."""
    good, bad = (
        make_toegewezen_product(toewijzing_nummer=2),
        make_toegewezen_product(ingangsdatum=date(2027, 1, 1), einddatum=None, omvang=None),
    )
    bad = replace(bad, product=None, budget=100, einddatum=date(2027, 12, 31))

    (oordeel,), after = run(make_snapshot(), make_301(good, bad))

    assert (oordeel.verdict, oordeel.niveau, oordeel.toewijzingen) == (Verdict.AFGEKEURD, Niveau.KLASSE, ())
    assert oordeel.retourcodes == {"/Bericht/Client/ToegewezenProducten/ToegewezenProduct[2]": ("9332",)}
    assert not oordeel.telt_als_verzonden
    assert after == make_snapshot()


def test_a_client_without_number_parks() -> None:
    """The register numbers clients before judging; without a number nothing can be kept."""
    with pytest.raises(Parkeren):
        judge(make_301(), make_snapshot(nieuwe_clienten={}))


def test_identificatie_is_used_after_a_bericht_that_counts_as_sent() -> None:
    """And stays free after one that was rejected (OP286)."""
    oordelen, _ = run(EMPTY, make_301(), make_301())
    assert [oordeel.retourcodes for oordeel in oordelen] == [{}, {"/Bericht/Header": ("9056",)}]

    oordelen, _ = run(make_snapshot(), make_305(make_start(toewijzing_nummer=7)), make_305())
    assert [oordeel.verdict for oordeel in oordelen] == [Verdict.AFGEKEURD, Verdict.VERWERKT]


def test_a_start_is_taken_over() -> None:
    """With its place in the bericht."""
    (oordeel,), after = run(make_snapshot(), make_305())

    assert oordeel.leveringen == (make_levering(bericht_nr=1),)
    assert after.leveringen[LEVERING] == (make_levering(bericht_nr=1),)


def test_start_of_a_toewijzing_of_another_is_refused() -> None:
    """Another client, another aanbieder, or deleted: 9019."""
    deleted = make_toewijzing(reden_wijziging="13", einddatum=date(2026, 1, 1))
    for toewijzing in (make_toewijzing(client_id=2), make_toewijzing(agb="42420002"), deleted):
        assert judge(make_305(), make_snapshot(toewijzing)).retourcodes == {START.format(1): ("9019",)}


def test_deletion_comes_first_whatever_its_place() -> None:
    """A corrected Begindatum in one bericht: the replacement stands first, the deletion second (IV008)."""
    past = make_snapshot(leveringen={LEVERING: (make_levering(),)})
    replacement, deletion = make_start(begindatum=date(2026, 1, 12)), make_start(status_aanlevering=VERWIJDEREN)

    oordelen, after = run(past, make_305(replacement, deletion))

    assert oordelen[0].verdict is Verdict.VERWERKT
    assert oordelen[0].vervallen_leveringen == ((2, 1),)
    assert [(each.begindatum, each.volgnr) for each in after.leveringen[LEVERING]] == [(date(2026, 1, 12), 1)]


def test_a_305_is_rejected_as_a_whole() -> None:
    """The deletion in it does not happen either."""
    past = make_snapshot(leveringen={LEVERING: (make_levering(),)})

    (oordeel,), after = run(past, make_305(make_start(status_aanlevering=VERWIJDEREN), make_start(toewijzing_nummer=7)))

    assert (oordeel.verdict, oordeel.retourcodes) == (Verdict.AFGEKEURD, {START.format(2): ("9019",)})
    assert (oordeel.leveringen, oordeel.vervallen_leveringen, after.leveringen) == ((), (), past.leveringen)


def test_start_after_stop_and_definitive_after_temporary() -> None:
    """OP379: a start may follow any stop; a temporary stop may become definitive; every bericht sees the one before."""
    berichten = (
        make_305(identificatie="1"),
        make_307(make_stop(reden_beeindiging=TIJDELIJK, einddatum=date(2026, 2, 28)), identificatie="2"),
        make_307(make_stop(einddatum=date(2026, 3, 31)), identificatie="3"),
        make_305(make_start(begindatum=date(2026, 5, 1)), identificatie="4"),
    )

    oordelen, after = run(make_snapshot(), *berichten)

    assert [oordeel.verdict for oordeel in oordelen] == [Verdict.VERWERKT] * 4
    assert len(after.leveringen[LEVERING]) == 4


def test_second_start_in_one_bericht_sees_the_first() -> None:
    """Two open starts of one product: 9326 at the second."""
    oordeel = judge(make_305(make_start(), make_start(begindatum=date(2026, 2, 1))), make_snapshot())

    assert oordeel.retourcodes == {START.format(2): ("9326",)}


def test_an_answer_is_not_judged_here() -> None:
    """What this file does not know is parked, never approved."""
    with pytest.raises(Parkeren):
        judge(replace(make_305(), soort="306"), make_snapshot())


def test_the_view_of_a_gemeente_and_of_an_aanbieder() -> None:
    """Who sends and which gemeente it is about follow from the soort (IV028)."""
    of_301 = kijk_op_bericht(make_301(), make_snapshot(), vandaag=VANDAAG)
    of_305 = kijk_op_bericht(make_305(), make_snapshot(), vandaag=VANDAAG)

    assert (of_301.van, of_301.gemeente) == ("gemeente:0664", "0664")
    assert (of_305.van, of_305.gemeente) == ("aanbieder:42420001", "0664")

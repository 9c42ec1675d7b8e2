"""What judging again decides without a database: pieces, numbers of transfers, digests, and when it stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.errors import Conflict
from app.domain.snapshot import Snapshot
from app.judging.beoordelen import beoordeel
from app.judging.herbeoordelen import (
    Beoordeling,
    Herbeoordeeld,
    Moment,
    Regelstand,
    Stand,
    Verleden,
    Wijziging,
    herbeoordeel,
    porties,
    stand_van,
    vingerafdruk,
    volgnrs_na,
)
from tests.builders import CLIENT_ID, GEMEENTE, VANDAAG, make_323, make_snapshot, make_tariefregel, make_toewijzing

JA = Stand(True, (), "ambulant", GEMEENTE, 11)
NEE = Stand(False, ("0611",), "", "", None)


def make_beoordeling(nr: int = 30, **changes: Any) -> Beoordeling:
    """A 323 that was judged in the place of its number."""
    return Beoordeling(nr, nr, GEMEENTE, 1000, 1, VANDAAG, "verwerkt", 48000)._replace(**changes)


def make_wijziging(was: Stand, wordt: Stand, **changes: Any) -> Wijziging:
    """A line of € 480,00 that stands otherwise."""
    return Wijziging(30, 1, GEMEENTE, date(2026, 5, 1), False, 48000, was, wordt)._replace(**changes)


def again(
    snapshot: Snapshot, before: Sequence[Stand], *, was: Beoordeling | None = None, momenten: dict[int, Moment] | None = None
) -> Herbeoordeeld:
    """Judge the default 323 again, of which the lines stood so."""
    regels = [Regelstand(index, CLIENT_ID, stand, 0) for index, stand in enumerate(before, 1)]
    verleden = Verleden(momenten=momenten or {1: Moment(vanaf=1, tot=None)}, declaraties={}, regels={30: regels})
    (done,) = herbeoordeel([(was or make_beoordeling(), make_323())], snapshot, verleden)
    return done


def test_a_323_that_stands_as_it_would_be_judged_now_does_not_change() -> None:
    """Judging again is judging; nothing of it differs."""
    first = beoordeel(make_323(), make_snapshot(), vandaag=VANDAAG, bericht_nr=30)

    done = again(make_snapshot(), [stand_van(line) for line in first.prestaties])

    assert done.oordeel == first
    assert done.wijzigingen == ()
    assert not done.verandert_antwoord


def test_a_line_follows_the_tariff_of_now() -> None:
    """Refused before, granted now; and the aanbieder would read another 325."""
    done = again(make_snapshot(), [NEE])

    (change,) = done.wijzigingen
    assert (change.was, change.wordt.toegekend, change.bedrag_cent) == (NEE, True, 48000)
    assert done.verandert_antwoord


def test_another_tariff_row_alone_is_noticed_by_nobody() -> None:
    """The register follows; no transfer, no answer, nothing to show."""
    done = again(make_snapshot(tarieven=[make_tariefregel(tarief_id=99)]), [JA])

    (change,) = done.wijzigingen
    assert not change.telt
    assert not change.verplaatst_geld
    assert vingerafdruk(done.wijzigingen) == vingerafdruk([])


def test_without_any_contract_line_it_is_refused_and_does_not_wait() -> None:
    """It has been answered."""
    done = again(make_snapshot(tarieven=[]), [JA])

    assert done.oordeel.prestaties[0].retour_codes == ("0611",)


@pytest.mark.parametrize(
    ("moment", "granted"),
    [
        (Moment(vanaf=1, tot=None), True),
        (Moment(vanaf=31, tot=None), False),
        (Moment(vanaf=1, tot=31), True),
        (Moment(vanaf=1, tot=29), False),
    ],
)
def test_a_toewijzing_counts_when_it_did_then(moment: Moment, granted: bool) -> None:
    """One that came later, or was withdrawn before, is not there; one that was withdrawn later is."""
    done = again(make_snapshot(make_toewijzing()), [JA], momenten={1: moment})

    assert done.oordeel.prestaties[0].toegekend is granted


def test_a_323_that_would_not_count_as_sent_stops_it() -> None:
    """No region data can be the reason, so nobody guesses."""
    used = frozenset({("323", "aanbieder:42420001", "ID323")})

    with pytest.raises(Conflict, match="als geheel"):
        again(replace(make_snapshot(), gebruikte_identificaties=used), [JA])


def test_pieces_keep_the_order_and_a_big_one_stands_alone() -> None:
    """None is left out."""
    items = [make_beoordeling(nr, aantal_regels=regels) for nr, regels in enumerate((3, 4, 20, 1, 1), 1)]

    assert [[each.bericht_nr for each in piece] for piece in porties(items, regels_max=10)] == [[1, 2], [3], [4, 5]]
    assert list(porties([])) == []


def test_transfers_of_a_source_are_numbered_on() -> None:
    """(the one that undoes, the new one), after the last one that was used."""
    elders = JA._replace(gemeente_drager="0687")

    assert volgnrs_na(make_wijziging(NEE, JA), 0) == (None, 0)
    assert volgnrs_na(make_wijziging(JA, NEE), 0) == (1, None)
    assert volgnrs_na(make_wijziging(JA, elders), 0) == (1, 2)
    assert volgnrs_na(make_wijziging(NEE, JA), 1) == (None, 2)
    assert volgnrs_na(make_wijziging(JA, NEE), 2) == (3, None)


def test_a_line_of_nothing_moves_no_money() -> None:
    """It has no transfer to undo."""
    assert not make_wijziging(JA, NEE, bedrag_cent=0).verplaatst_geld


def test_the_digest_is_of_what_changes_not_of_its_order() -> None:
    """Another line, outcome or place is another digest."""
    een, twee = make_wijziging(NEE, JA), make_wijziging(NEE, JA, regel=2)

    assert vingerafdruk([een, twee]) == vingerafdruk([twee, een])
    others = [[een], [een, make_wijziging(NEE, JA._replace(zorgvorm="verblijf"), regel=2)], [make_wijziging(JA, NEE), twee], []]
    assert len({vingerafdruk(each) for each in ([een, twee], *others)}) == 5

"""Health: which signals are red, and that hours and days without anything are there as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from app.reports.gezondheid import (
    DAGEN,
    DOORGEVEN_MAX,
    NAGEREKEND_MAX,
    UREN,
    WACHT_MAX,
    Baan,
    Dag,
    Gezondheid,
    Nagerekend,
    Sein,
    Uitgang,
    Uur,
    Wachtrij,
    eerste_uur,
    staat_stil,
    vul_dagen,
    vul_uren,
)
from app.reports.termijnen import Telling, Wie

NU = datetime(2026, 7, 7, 7, 20, tzinfo=UTC)
SECONDE = timedelta(seconds=1)


def gezond() -> Gezondheid:
    """All is well."""
    return Gezondheid(
        stand_van=NU,
        uren=vul_uren({}, NU),
        dagen=vul_dagen({}, NU.date()),
        antwoordtijd=None,
        wachtrijen={},
        onbeantwoord=None,
        banen=(),
        uitgang=Uitgang(taken=3, oudste_op=NU - DOORGEVEN_MAX),
        termijnen={**dict.fromkeys(Wie, Telling(te_laat=9)), Wie.WIJ: Telling(binnenkort=4, loopt=5)},
        zenders=0,
        stiltes=(),
        stiltes_totaal=0,
        namen={},
        werkdag=5,
        is_geboekt=True,
        nagerekend=Nagerekend(op=NU - NAGEREKEND_MAX, door="systeem", klopt=True),
    )


def baan(*, stil: bool) -> Baan:
    return Baan(
        domein="ijw",
        agb="42420001",
        naam=None,
        aantal=1,
        oudste_nr=7,
        oudste_op=NU - timedelta(hours=1),
        laatst_op=None,
        staat_stil=stil,
    )


def test_nothing_is_red_when_all_is_within_its_limit() -> None:
    """What others are late with is no signal about the installation."""
    assert gezond().rood == ()


@pytest.mark.parametrize(
    ("wat", "rood"),
    [
        ({"banen": (baan(stil=False),)}, ()),
        ({"banen": (baan(stil=False), baan(stil=True))}, (Sein.BEOORDELEN,)),
        ({"uitgang": Uitgang(taken=1, oudste_op=NU - DOORGEVEN_MAX - SECONDE)}, (Sein.DOORGEVEN,)),
        ({"uitgang": Uitgang(taken=1, oudste_op=None)}, ()),
        ({"wachtrijen": {"geparkeerd": Wachtrij(status="geparkeerd", aantal=1, oudste_nr=7, oudste_op=NU)}}, (Sein.GEPARKEERD,)),
        ({"wachtrijen": {"ontvangen": Wachtrij(status="ontvangen", aantal=1, oudste_nr=7, oudste_op=NU)}}, ()),
        ({"termijnen": dict.fromkeys(Wie, Telling(te_laat=1))}, (Sein.TERMIJNEN,)),
        ({"nagerekend": None}, (Sein.BOEKEN,)),
        ({"nagerekend": None, "is_geboekt": False}, ()),
        ({"nagerekend": Nagerekend(op=NU, door="systeem", klopt=False)}, (Sein.BOEKEN,)),
        ({"nagerekend": Nagerekend(op=NU - NAGEREKEND_MAX - SECONDE, door="systeem", klopt=True)}, (Sein.BOEKEN,)),
    ],
)
def test_a_signal_is_red_beyond_its_limit_only(wat: dict[str, object], rood: tuple[Sein, ...]) -> None:
    assert replace(gezond(), **wat).rood == rood  # type: ignore[arg-type]


@pytest.mark.parametrize(("laatst", "stil"), [(None, True), (timedelta(0), False), (WACHT_MAX, False), (WACHT_MAX + SECONDE, True)])
def test_a_lane_that_works_does_not_stand_still(laatst: timedelta | None, stil: bool) -> None:
    assert staat_stil(None if laatst is None else NU - laatst, NU) is stil


def test_every_hour_of_the_last_day_is_there_once() -> None:
    begin = NU.replace(minute=0)
    found = vul_uren({begin: Uur(begin=begin, ontvangen=4)}, NU)

    assert len(found) == UREN
    assert (found[-1].begin, found[-1].ontvangen) == (begin, 4)
    assert found[0].begin == eerste_uur(NU) == begin - timedelta(hours=23)
    assert {later.begin - earlier.begin for earlier, later in pairwise(found)} == {timedelta(hours=1)}


def test_every_day_of_the_last_thirty_is_there_once() -> None:
    vandaag = date(2026, 3, 5)
    found = vul_dagen({date(2026, 3, 4): Dag(dag=date(2026, 3, 4), ontvangen=2)}, vandaag)

    assert len(found) == DAGEN
    assert (found[0].dag, found[-1].dag) == (date(2026, 2, 4), vandaag)
    assert sum(each.ontvangen for each in found) == 2

"""Judging is a function of (bericht, Snapshot, day of receipt): no clock, no chance, no memory, and nothing of what it is given changes."""

from __future__ import annotations

import builtins
import copy
import io
import os
import random
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.clock import AMSTERDAM
from app.domain.bericht import Bericht
from app.domain.oordeel import Oordeel
from app.domain.snapshot import Snapshot
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from app.register import afzender_van
from app.standard.rules import engine
from tests.builders import VANDAAG
from tests.property.verlopen import VERLOPEN, VOORBEELDEN, nothing_yet, verloop

WORLD = {
    *(getattr(time, name) for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime", "sleep")),
    *(os.urandom, os.getpid, os.listdir, os.stat, os.open, builtins.open, io.open, builtins.input),
}
"""Functions in C that ask something of the world; methods of dates, chance and sockets are known by what they belong to."""
CLOCK_METHODS = frozenset({"today", "now", "utcnow", "fromtimestamp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stap:
    """A bericht of a course with the past it was judged on, and its oordeel."""

    nr: int
    bericht: Bericht
    snapshot: Snapshot
    oordeel: Oordeel

    def judge(self) -> Oordeel:
        """Judge it again."""
        return beoordeel(self.bericht, self.snapshot, vandaag=VANDAAG, bericht_nr=self.nr)


def stappen(berichten: Sequence[Bericht]) -> list[Stap]:
    """A course judged bericht by bericht, each seeing what those before it changed."""
    snapshot = nothing_yet()
    made: list[Stap] = []
    for nr, bericht in enumerate(berichten, 1):
        oordeel = beoordeel(bericht, snapshot, vandaag=VANDAAG, bericht_nr=nr)
        made.append(Stap(nr=nr, bericht=bericht, snapshot=snapshot, oordeel=oordeel))
        snapshot = bijwerken(snapshot, oordeel, bericht_nr=nr, van=afzender_van(bericht))
    return made


def test_the_courses_hold_every_kind_of_outcome() -> None:
    """What the properties are shown on is worth it: each soort accepted and refused, declaraties in part too, and many different rules."""
    oordelen = [stap.oordeel for seed in range(30) for stap in stappen(verloop(seed, 30))]

    kinds = {(oordeel.bericht.soort, oordeel.verdict.value) for oordeel in oordelen}
    assert kinds == {
        (soort, verdict) for soort in ("301", "305", "307", "315", "317", "319", "323") for verdict in ("verwerkt", "afgekeurd")
    } | {("323", "deels_afgekeurd")}
    assert len({bevinding.regel for oordeel in oordelen for bevinding in oordeel.bevindingen}) > 30
    assert any(verzoek.status != "open" for seed in range(30) for verzoek in stappen(verloop(seed, 30))[-1].snapshot.verzoeken.values())


@VOORBEELDEN
@given(VERLOPEN, st.randoms(use_true_random=False))
def test_whatever_was_judged_before_changes_nothing(berichten: list[Bericht], chance: random.Random) -> None:
    """Every bericht of a course judged again, in another order, on the past it had: with caches as they are, and with none."""
    made = stappen(berichten)
    chance.shuffle(made)

    for stap in made:
        assert stap.judge() == stap.oordeel
    clear_caches()
    for stap in reversed(made):
        assert stap.judge() == stap.oordeel


@VOORBEELDEN
@given(VERLOPEN)
def test_nothing_that_judging_is_given_changes(berichten: list[Bericht]) -> None:
    """Bericht and Snapshot are as they were, after judging and after making the Snapshot that follows."""
    for stap in stappen(berichten):
        bericht, snapshot, oordeel = copy.deepcopy((stap.bericht, stap.snapshot, stap.oordeel))

        bijwerken(stap.snapshot, stap.judge(), bericht_nr=stap.nr, van=afzender_van(stap.bericht))

        assert (stap.bericht, stap.snapshot, stap.oordeel) == (bericht, snapshot, oordeel)


@VOORBEELDEN
@given(VERLOPEN)
def test_judging_asks_nothing_of_the_world(berichten: list[Bericht]) -> None:
    """No clock, no chance, no file, no network: what it must know it is given. What is read once and kept is read before."""
    made = stappen(berichten)

    with watched() as asked:
        for stap in made:
            bijwerken(stap.snapshot, stap.judge(), bericht_nr=stap.nr, van=afzender_van(stap.bericht))

    assert asked == []


@VOORBEELDEN
@given(VERLOPEN, st.integers(1, 3))
def test_the_day_of_receipt_is_the_only_day(berichten: list[Bericht], years: int) -> None:
    """Judged as if received years before, a bericht may get another oordeel, but only by a rule that says that it looks at the day."""
    on_the_day = {regel.code for regel in engine.registered_rules() if "vandaag" in regel.kijkt_naar}
    for stap in stappen(berichten):
        later = beoordeel(stap.bericht, stap.snapshot, vandaag=VANDAAG.replace(year=VANDAAG.year - years), bericht_nr=stap.nr)

        found, found_later = ({(each.regel, each.pad) for each in oordeel.bevindingen} for oordeel in (stap.oordeel, later))
        different = {regel for regel, _ in found ^ found_later}
        # A header that is rejected on one of the days keeps what is below it from being judged, so other rules may differ with it.
        assert not different or different & on_the_day


def test_the_watch_sees_who_asks() -> None:
    """The clock in three ways, chance, and a file."""
    with watched() as asked:
        date.today()  # noqa: DTZ011 - that is the point
        datetime.now(AMSTERDAM)
        time.time()
        random.random()
        open(os.devnull).close()

    assert asked == ["today", "now", "time", "random", "open"]


def clear_caches() -> None:
    """Forget whatever the product remembers between calls."""
    for name, module in list(sys.modules.items()):
        if name.startswith("app."):
            for value in list(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()
    engine._SELECTED.clear()


@contextmanager
def watched() -> Iterator[list[str]]:
    """The names of the functions in C that ask something of the world meanwhile, in this thread."""
    asked: list[str] = []

    def watch(frame: Any, event: str, function: Any) -> None:
        # Hypothesis takes the time of every garbage collection, whoever was at work.
        if event == "c_call" and asks_the_world(function) and not frame.f_globals["__name__"].startswith("hypothesis."):
            asked.append(function.__name__)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield asked
    finally:
        sys.setprofile(before)


def asks_the_world(function: Any) -> bool:
    """Whether it is one of WORLD, a clock of a date, or belongs to chance or a socket."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, type) and issubclass(owner, date):
        return function.__name__ in CLOCK_METHODS
    return isinstance(owner, (random.Random, socket.socket)) or ((owner is None or not _is_unhashable(owner)) and function in WORLD)


def _is_unhashable(owner: object) -> bool:
    """A bound method of a list cannot be looked up, for its hash is that of the list."""
    return type(owner).__hash__ is None

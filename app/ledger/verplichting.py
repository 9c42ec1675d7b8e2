"""What a toewijzing is expected to cost, month by month, and how much of that is still committed. Pure.

Expected is the Omvang times the tariff of the first day of care in each month, over the months of the toewijzing. A Budget is a ceiling on that;
of a toewijzing without Omvang it is the expectation itself, and of one without product it is committed under zorgvorm `onbekend` (DESIGN
section 6). What prestaties were granted uses the commitment up; more than expected never makes it negative.

This file decides amounts; who changes them and what is booked is in `verplichtingen`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from app.domain.periode import laatste_dag, maand_van, maanden
from app.domain.snapshot import Snapshot, Toewijzing
from app.domain.toewijzing import VERVALLEN_REDENEN, Omvang
from app.standard.rules.volume import (
    EURO,
    OUTPUT,
    PER_DAG,
    PER_MAAND,
    PER_WEEK,
    TOTAAL,
    as_basis,
    passende_eenheid,
    weeks_output,
)

ONBEKEND = "onbekend"
"""Zorgvorm of a toewijzing that leaves its product open, and of a product that the region does not know on that day."""
JAREN_MAX = 10
"""A toewijzing commits no further than the end of the so-manieth year after it was decided: some end in 9999."""
DAGEN_PER_WEEK = 7

PER_MAAND_GEBRUIKT = "maand"
POT = "pot"


class Sleutel(NamedTuple):
    """A toewijzing, within a domein."""

    gemeente: str
    toewijzing_nummer: int


class Plek(NamedTuple):
    """Where in the books a commitment stands: the gemeente that bears the care, its zorgvorm and its month (first day)."""

    drager: str
    zorgvorm: str
    zorgmaand: date


class Verwachting(NamedTuple):
    """What a toewijzing is expected to cost in a month, in cents.

    Attributes:
        plek: Where it is committed.
        wijze: `maand`: prestaties use up their own month; `pot`: they use up the months from the first on, because the order is for the whole
            of its time (frequentie 6, or a Budget).
        cent: At least one.
        vrijgevallen: The act that released what was left; nothing is committed since, whatever is credited later. None: not released.
    """

    plek: Plek
    wijze: str
    cent: int
    vrijgevallen: int | None = None


def horizon(versie: Toewijzing) -> date:
    """The last day for which a toewijzing commits: its Einddatum, at most ten years on; without one the end of the year.

    That year is the one in which it was decided, or in which it begins when that is later. `tot_en_met` of `verwachtingen` moves it on.
    """
    year = max(versie.ingangsdatum.year, versie.toewijzingsdatum.year)
    if versie.einddatum is None:
        return date(year, 12, 31)
    return min(versie.einddatum, date(min(year + JAREN_MAX, date.max.year), 12, 31))


def verwachtingen(versie: Toewijzing | None, region: Snapshot, *, tot_en_met: date | None = None) -> tuple[Verwachting, ...]:
    """What the version of a toewijzing that counts is expected to cost, per month, oldest first; months of zero cents are left out.

    Args:
        versie: The current version; None, or one that takes the toewijzing away, is expected to cost nothing.
        region: Its tarieven, producten and overgangen are read, nothing else.
        tot_en_met: Up to where a toewijzing without Einddatum commits, when that is later than `horizon`.
    """
    if versie is None or (versie.reden_wijziging in VERVALLEN_REDENEN and versie.einddatum == versie.ingangsdatum):
        return ()
    tot = horizon(versie)
    if versie.einddatum is None and tot_en_met is not None:
        tot = max(tot, tot_en_met)
    if versie.einddatum is not None and versie.einddatum < versie.ingangsdatum:
        return ()
    omvang = versie.omvang
    has_product = versie.categorie is not None and versie.code is not None
    wijze = POT
    if omvang is not None and has_product:
        wijze = POT if omvang.frequentie == TOTAAL else PER_MAAND_GEBRUIKT
        exact = _of_omvang(versie, omvang, region, tot)
    elif versie.budget is not None:
        exact = _spread(versie.budget, versie, tot)
    else:
        return ()
    found = _rounded(exact, versie.budget)
    return tuple(Verwachting(_plek(versie, region, maand), wijze, cents) for maand, cents in found if cents > 0)


class Breuken(NamedTuple):
    """Exact amounts per month as whole numbers of one `deler`: a lot works out hundreds of them, and fractions take ten times as long."""

    deler: int
    delen: list[tuple[date, int]]


def _of_omvang(versie: Toewijzing, omvang: Omvang, region: Snapshot, tot: date) -> Breuken:
    """Exact cents per month: the part of the Volume that belongs to it times the tariff of its first day of care."""
    if omvang.frequentie == TOTAAL:
        volumes = _spread(omvang.volume, versie, tot)
    else:
        weekly = omvang.frequentie == PER_WEEK and omvang.eenheid not in OUTPUT
        parts = [(maand, _volume(omvang, versie, van, einde)) for maand, van, einde in _delen(versie.ingangsdatum, tot)]
        volumes = Breuken(DAGEN_PER_WEEK if weekly else 1, parts)
    priced = [
        (maand, volume * _cents_per_eenheid(versie, omvang, region, max(maand, versie.ingangsdatum))) for maand, volume in volumes.delen
    ]
    return Breuken(volumes.deler, priced)


def _delen(van: date, tot: date) -> Iterator[tuple[date, date, date]]:
    """Every month of the period, with its first and last day inside it."""
    for maand in maanden(van, tot):
        yield maand, max(maand, van), min(laatste_dag(maand), tot)


def _volume(omvang: Omvang, versie: Toewijzing, van: date, tot: date) -> int:
    """The Volume that belongs to these days of one month; per week inspanningsgericht in sevenths.

    Per week inspanningsgericht: a seventh for each day, because the weeks that two months share may be claimed in both (IV076) but are delivered
    once; outputgericht: the Sundays, as they are claimed (IV077). Per month: the whole Volume, also of a broken month (IV078).
    """
    if omvang.frequentie == PER_MAAND:
        return omvang.volume
    if omvang.frequentie == PER_WEEK and omvang.eenheid in OUTPUT:
        return weeks_output((versie.ingangsdatum, versie.einddatum), van, tot) * omvang.volume
    if omvang.frequentie in (PER_DAG, PER_WEEK):
        return ((tot - van).days + 1) * omvang.volume
    raise ValueError(f"unknown frequentie {omvang.frequentie}")


def _spread(whole: int, versie: Toewijzing, tot: date) -> Breuken:
    """A whole spread over the days of the toewijzing; one without Einddatum has it in its first month."""
    if versie.einddatum is None:
        return Breuken(1, [(maand_van(versie.ingangsdatum), whole)])
    days = (tot - versie.ingangsdatum).days + 1
    return Breuken(days, [(maand, whole * ((einde - van).days + 1)) for maand, van, einde in _delen(versie.ingangsdatum, tot)])


def _cents_per_eenheid(versie: Toewijzing, omvang: Omvang, region: Snapshot, dag: date) -> int:
    """The tariff of one eenheid of the Omvang on a day; zero without a line, for what has no price commits nothing."""
    if omvang.eenheid == EURO:
        return 1
    assert versie.categorie is not None
    assert versie.code is not None
    lines = region.tarieven.get((region.drager(versie.gemeente, dag), versie.categorie, versie.code), ())
    fitting = [line for line in lines if passende_eenheid(omvang.eenheid, line.eenheid) and line.geldt_op(dag)]
    if not fitting:
        return 0
    line = min(fitting, key=lambda each: (each.eenheid != omvang.eenheid, each.tarief_id))
    return (line.tarief_cent or 0) * (as_basis(1, omvang.eenheid) if line.eenheid != omvang.eenheid else 1)


def _rounded(exact: Breuken, budget: int | None) -> Iterator[tuple[date, int]]:
    """Whole cents per month that add up to the whole, rounded half up, and to no more than the Budget."""
    total, booked = 0, 0
    for maand, amount in exact.delen:
        total += amount
        # Half up of a positive number: what round_half_up says of the fraction.
        until = (2 * total + exact.deler) // (2 * exact.deler)
        until = until if budget is None else min(until, budget)
        yield maand, until - booked
        booked = until


def _plek(versie: Toewijzing, region: Snapshot, maand: date) -> Plek:
    dag = max(maand, versie.ingangsdatum)
    zorgvorm = None
    if versie.categorie is not None and versie.code is not None:
        zorgvorm = region.zorgvorm(versie.categorie, versie.code, dag)
    return Plek(region.drager(versie.gemeente, dag), zorgvorm or ONBEKEND, maand)


def standen(verwacht: Sequence[Verwachting], gebruikt: Mapping[date, int]) -> dict[Plek, int]:
    """What is committed per place, in cents, when this much was granted per month (credits taken off); zeros are left out.

    Args:
        verwacht: Of one toewijzing, oldest month first.
        gebruikt: Granted cents per month of care.
    """
    left = max(0, sum(gebruikt.values()))
    found: dict[Plek, int] = {}
    for each in verwacht:
        if each.wijze == POT:
            used = min(left, each.cent)
            left -= used
        else:
            used = min(each.cent, max(0, gebruikt.get(each.plek.zorgmaand, 0)))
        if each.vrijgevallen is None and each.cent > used:
            found[each.plek] = found.get(each.plek, 0) + each.cent - used
    return found

"""Where a year ends: what past months say about late claims and about how much of a commitment is claimed, applied to the months of a year. Pure.

The method, in whole cents; factors are whole millionths, so that a sum over months is rounded once:

- **Late claims.** Of every past month of care it is known what was granted after 0, 1, 2 … months. The step from one age to the next is the sum over
  all months that were that old of what they had afterwards, divided by what they had before (chain ladder); multiplied up to the oldest age they say
  how much a month of this age still grows.
- **Realisation.** Of months that are two months old or older: what was granted on toewijzingen, grown by that factor, divided by what they
  committed when the month ended, claims of that moment included.
- A month of which, by the first, at least half has come is expected to become what is granted times its growth. Another month, of now or ahead, is
  expected to become what it commits times the realisation.
- Cost without toewijzing (pgb, lumpsum, subsidie, afrekening) goes on at the pace of the year so far.
- The range takes for every month the lowest and the highest factor that a past month has shown. All of them low, or all high, at once is unlikely:
  it is a span, not a chance.

New toewijzingen of later in the year are not foreseen: what is not committed is not expected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from app.domain.bedrag import round_half_up

MILJOEN = 1_000_000
LEEFTIJD_MAX = 12
"""Months after which nothing more is expected; what comes later is booked, not foreseen."""
LEEFTIJD_MIN = 3
"""Younger books do not say what comes late; the oldest age that was seen counts as complete."""
RIJP = 2 * MILJOEN
"""A month that by experience still more than doubles is not extrapolated from what it has."""
GESLOTEN_MAANDEN = 2
"""So old a month is when its realisation counts: the month in which it is claimed is over too."""
MAANDEN_PER_JAAR = 12


class Bereik(NamedTuple):
    """A lowest, expected and highest value: cents, or a factor in millionths."""

    laag: int
    midden: int
    hoog: int

    def plus(self, other: Bereik) -> Bereik:
        """The sum of both, end by end."""
        return Bereik(self.laag + other.laag, self.midden + other.midden, self.hoog + other.hoog)


class Boekregel(NamedTuple):
    """What was booked on one zorgvorm for one month of care in one month; cents, debit positive.

    Attributes:
        toegekend: Granted on toewijzingen (cost of prestaties).
        verplicht: What it did to the commitment.
    """

    zorgvorm: str
    zorgmaand: date
    boekmaand: date
    toegekend: int
    verplicht: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ervaring:
    """What past months say about one zorgvorm.

    Attributes:
        groei: Per age in months what is granted becomes so many millionths of itself; an age that no month was seen at is not there.
        realisatie: Part of a commitment that is granted in the end, in millionths; None: no month is old enough.
        maanden: How many months the realisation is taken from.
    """

    groei: Mapping[int, Bereik] = field(default_factory=dict)
    realisatie: Bereik | None = None
    maanden: int = 0


class Cel(NamedTuple):
    """A month of one gemeente (or aanbieder) and zorgvorm, in cents: granted on toewijzingen, cost without toewijzing, still committed."""

    toegekend: int = 0
    zonder_toewijzing: int = 0
    verplicht: int = 0

    def plus(self, other: Cel) -> Cel:
        """The sum of both."""
        return Cel(self.toegekend + other.toegekend, self.zonder_toewijzing + other.zonder_toewijzing, self.verplicht + other.verplicht)


Plaats = tuple[str, str, date]
"""Whose row it is, zorgvorm, month of care."""
Stand = Mapping[Plaats, Cel]


def leeftijd(zorgmaand: date, peil: date) -> int:
    """Whole months from a month of care to the month of booking up to which is looked; negative: it lies ahead."""
    return (peil.year - zorgmaand.year) * MAANDEN_PER_JAAR + peil.month - zorgmaand.month


def leer(regels: Iterable[Boekregel], peil: date) -> dict[str, Ervaring]:
    """What the books up to and including boekmaand `peil` say, per zorgvorm; what was booked later is left out."""
    per_zorgvorm: dict[str, list[Boekregel]] = defaultdict(list)
    for regel in regels:
        if regel.boekmaand <= peil:
            per_zorgvorm[regel.zorgvorm].append(regel)
    return {zorgvorm: _leer_zorgvorm(found, peil) for zorgvorm, found in per_zorgvorm.items()}


def _leer_zorgvorm(regels: Sequence[Boekregel], peil: date) -> Ervaring:
    driehoek = _driehoek(regels, peil)
    groei = _groei(driehoek)
    committed: dict[date, int] = defaultdict(int)
    for regel in regels:
        if regel.boekmaand <= regel.zorgmaand:
            committed[regel.zorgmaand] += regel.toegekend + regel.verplicht
    parts: list[tuple[int, int]] = []
    for maand, course in driehoek.items():
        age = len(course) - 1
        if age >= GESLOTEN_MAANDEN and committed[maand] > 0:
            parts.append((course[-1] * groei.get(age, Bereik(MILJOEN, MILJOEN, MILJOEN)).midden // MILJOEN, committed[maand]))
    if not parts:
        return Ervaring(groei=groei)
    rates = [_miljoensten(part, whole) for part, whole in parts]
    middle = _miljoensten(sum(part for part, _ in parts), sum(whole for _, whole in parts))
    return Ervaring(groei=groei, realisatie=Bereik(max(0, min(rates)), max(0, middle), max(0, max(rates))), maanden=len(parts))


def _driehoek(regels: Iterable[Boekregel], peil: date) -> dict[date, list[int]]:
    """Per month of care what was granted in all at the end of age 0, 1, … up to its age now or the highest that counts."""
    added: dict[date, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for regel in regels:
        if regel.zorgmaand <= peil:
            # What is booked before its month (care claimed ahead) counts at its end, what comes very late at the highest age.
            age = min(max(0, leeftijd(regel.zorgmaand, regel.boekmaand)), LEEFTIJD_MAX)
            added[regel.zorgmaand][age] += regel.toegekend
    triangle: dict[date, list[int]] = {}
    for maand, steps in sorted(added.items()):
        total, course = 0, []
        for age in range(min(leeftijd(maand, peil), LEEFTIJD_MAX) + 1):
            total += steps.get(age, 0)
            course.append(total)
        triangle[maand] = course
    return triangle


def _groei(driehoek: Mapping[date, Sequence[int]]) -> dict[int, Bereik]:
    """Per age the factor to the oldest age that was seen; lowest and highest are those of a single month."""
    oldest = max((len(course) - 1 for course in driehoek.values()), default=-1)
    if oldest < LEEFTIJD_MIN:
        return {}
    growth = {oldest: Fraction(1)}
    for age in range(oldest - 1, -1, -1):
        pairs = [(course[age], course[age + 1]) for course in driehoek.values() if len(course) > age + 1]
        before, after = sum(a for a, _ in pairs), sum(b for _, b in pairs)
        if before <= 0 or after <= 0:
            # Nothing had come at this age yet: from here down there is nothing to grow from.
            break
        growth[age] = growth[age + 1] * Fraction(after, before)
    found: dict[int, Bereik] = {}
    for age, factor in growth.items():
        seen = [growth[len(c) - 1] * Fraction(c[-1], c[age]) for c in driehoek.values() if len(c) - 1 > age and c[age] > 0 and c[-1] > 0]
        found[age] = Bereik(*(round_half_up(each * MILJOEN) for each in (min([*seen, factor]), factor, max([*seen, factor]))))
    return found


def _miljoensten(deel: int, geheel: int) -> int:
    return round_half_up(Fraction(deel * MILJOEN, geheel))


def verwacht(cel: Cel, ervaring: Ervaring, age: int) -> Bereik:
    """What a month becomes, in millionths of cents, without cost that has no toewijzing.

    Args:
        cel: The month as it stands.
        ervaring: Of its zorgvorm.
        age: Months from the month of care to now; negative ahead.
    """
    granted = cel.toegekend
    if age >= LEEFTIJD_MAX:
        return Bereik(*[granted * MILJOEN] * 3)
    growth = ervaring.groei.get(age)
    if growth is not None and growth.midden <= RIJP and granted > 0:
        low, high = sorted((granted * growth.laag, granted * growth.hoog))
        return Bereik(low, granted * growth.midden, high)
    whole, rate = granted + cel.verplicht, ervaring.realisatie
    if rate is None:
        # Without experience all of a commitment is expected, and it may be none.
        return Bereik(granted * MILJOEN, max(granted, whole) * MILJOEN, max(granted, whole) * MILJOEN)
    least = granted * MILJOEN
    return Bereik(max(least, whole * rate.laag), max(least, whole * rate.midden), max(least, whole * rate.hoog))


def voorspel(stand: Stand, ervaringen: Mapping[str, Ervaring], *, peil: date, maanden: int) -> dict[str, Bereik]:
    """Where the year ends per row, in cents.

    Args:
        stand: The months of one year of care.
        ervaringen: Per zorgvorm.
        peil: Month of booking up to which the stand reaches.
        maanden: So many months of the year are counted for what goes on at its pace.
    """
    exact: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    pace: dict[str, int] = defaultdict(int)
    ahead: dict[str, int] = defaultdict(int)
    ages: dict[date, int] = {}
    none = Ervaring()
    # A region has tens of thousands of cells and each is looked at several times: what is the same for many of them is worked out once.
    for (sleutel, zorgvorm, maand), cel in stand.items():
        age = ages.get(maand)
        if age is None:
            age = ages[maand] = leeftijd(maand, peil)
        sums = exact[sleutel]
        if cel.toegekend or cel.verplicht:
            low, middle, high = verwacht(cel, ervaringen.get(zorgvorm, none), age)
            sums[0] += low
            sums[1] += middle
            sums[2] += high
        if cel.zonder_toewijzing:
            (pace if maand.month <= maanden else ahead)[sleutel] += cel.zonder_toewijzing
    return {sleutel: _afgerond(Bereik(*each), pace[sleutel], ahead[sleutel], maanden) for sleutel, each in exact.items()}


def _afgerond(exact: Bereik, pace: int, ahead: int, maanden: int) -> Bereik:
    """Whole cents; what has no toewijzing at its pace, and never less than what is booked ahead already."""
    linear = Fraction(pace * MAANDEN_PER_JAAR, maanden)
    more = linear if linear - pace >= ahead else Fraction(pace + ahead)
    return Bereik(*(round_half_up(Fraction(part, MILJOEN) + more) for part in exact))

"""How much may be delivered: the volume arithmetic of TR321 and TR322, as pure numbers and dates.

Volumes are whole numbers of an eenheid; hours are compared in minutes (`as_basis`). A period includes its last day. Sources: IV076 to
IV079 of iJw 3.2 and iWmo 3.2 (the worked examples there contain slips: the method counts, see the tests).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from app.domain.bedrag import round_half_up
from app.domain.toewijzing import Omvang

MINUUT, UUR, STUKS_OUTPUT, EURO = "01", "04", "82", "83"
OUTPUT = frozenset({STUKS_OUTPUT, EURO})
"""Eenheden of an outputgerichte toewijzing; every other one is inspanningsgericht (DESIGN section 5)."""

PER_DAG, PER_WEEK, PER_MAAND, TOTAAL = "1", "2", "4", "6"
"""Frequenties; 6 is the total within the whole toewijzing."""

MINUTEN_PER_UUR = 60
HUISHOUDELIJKE_HULP = "01"
WEKEN_HUISHOUDELIJKE_HULP = 6
"""Category 01 of iWmo, per week: a line may hold six times the weekly volume, whatever the month (TR321)."""


class Looptijd(NamedTuple):
    """First and last day of a toewijzing, both included; `tot` is None when it is open."""

    van: date
    tot: date | None


def passende_eenheid(toegewezen: str, gedeclareerd: str) -> bool:
    """Whether a declared eenheid fits the allocated one: the same, or minutes for hours (TR341)."""
    return gedeclareerd == toegewezen or (toegewezen == UUR and gedeclareerd == MINUUT)


def as_basis(volume: int, eenheid: str) -> int:
    """A volume in the unit of comparison: hours become minutes, every other eenheid stays as it is."""
    return volume * MINUTEN_PER_UUR if eenheid == UUR else volume


def weeks_touched(van: date, tot: date) -> int:
    """Distinct pairs of ISO year and ISO week that the period touches; day 1 of the calendar was a Monday, as ISO weeks begin."""
    return (tot.toordinal() - 1) // 7 - (van.toordinal() - 1) // 7 + 1


def sundays(van: date, tot: date) -> int:
    """Sundays in the period."""
    return tot.toordinal() // 7 - (van.toordinal() - 1) // 7


def weeks_output(looptijd: tuple[date, date | None], van: date, tot: date) -> int:
    """Weekly volumes of an outputgerichte toewijzing that belong to a ProductPeriode (IV076, IV077).

    The Sundays in the period, plus one when the toewijzing does not end on a Sunday and its last Sunday lies in the period. A toewijzing
    without any Sunday has one broken week, which belongs to the period of its last day [inferred].
    """
    weken = sundays(van, tot)
    ingang, einde = looptijd
    if einde is None or einde.toordinal() % 7 == 0:
        return weken
    last_sunday = einde.toordinal() // 7 * 7
    closing_day = last_sunday if last_sunday >= ingang.toordinal() else einde.toordinal()
    return weken + (van.toordinal() <= closing_day <= tot.toordinal())


def volume_per_periode(omvang: Omvang, looptijd: tuple[date, date | None], van: date, tot: date) -> int:
    """The most that one prestatie over the ProductPeriode `van`..`tot` may hold, in whole `omvang.eenheid` (TR321).

    Per week: the ISO weeks touched (inspanning) or the Sundays (output); per day: the days [inferred]; per month and in total: the full
    Volume, also when the month is broken (IV078).
    Raises:
        ValueError: The frequentie is none of 1, 2, 4 and 6.
    """
    frequentie = omvang.frequentie
    if frequentie == PER_WEEK:
        weken = weeks_output(looptijd, van, tot) if omvang.eenheid in OUTPUT else weeks_touched(van, tot)
        return weken * omvang.volume
    if frequentie in (PER_MAAND, TOTAAL):
        return omvang.volume
    if frequentie == PER_DAG:
        return ((tot - van).days + 1) * omvang.volume
    raise ValueError(f"unknown frequentie {frequentie}")


def volume_over_looptijd(omvang: Omvang, looptijd: tuple[date, date | None]) -> int | None:
    """The most that all prestaties on a toewijzing together may hold, in whole `omvang.eenheid` (TR322).

    None when there is no bound: an open toewijzing has no total, except with frequentie 6.
    Raises:
        ValueError: The frequentie is unknown.
    """
    if omvang.frequentie == TOTAAL:
        return omvang.volume
    van, tot = looptijd
    if tot is None:
        return None
    if omvang.frequentie == PER_MAAND:
        return omvang.volume * months_touched(van, tot)
    return volume_per_periode(omvang, looptijd, van, tot)


def months_touched(van: date, tot: date) -> int:
    """Calendar months that the period touches."""
    return (tot.year - van.year) * 12 + tot.month - van.month + 1


def hele_uren(minuten: int) -> int:
    """Delivered minutes as the whole hours of one prestatie: rounded once on the total, half up, at least one (IV079)."""
    return max(1, round_half_up(Fraction(minuten, MINUTEN_PER_UUR)))

"""Cutting an arrangement into pieces of time with fixed members, and those into pools (README 2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from app.solidarity.agreement import WHOLE_ARRANGEMENT, Arrangement, Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch `[since, until)` within one calendar year during which nobody joins or leaves."""

    since: date
    until: date
    members: tuple[str, ...]

    @property
    def year(self) -> int:
        """The calendar year t."""
        return self.since.year

    @property
    def phi(self) -> Fraction:
        """Part of the year, by days; 366 in leap years."""
        return Fraction((self.until - self.since).days, (date(self.year + 1, 1, 1) - date(self.year, 1, 1)).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Costs that are shared together: one segment, and one or all categories of an arrangement."""

    arrangement: Arrangement
    segment: Segment
    name: str
    categories: tuple[str, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """The group G, by name."""
        return self.segment.members

    @property
    def year(self) -> int:
        """The calendar year t of the segment."""
        return self.segment.year

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that count in this year."""
        return self.arrangement.layers_in(self.year)

    def __str__(self) -> str:
        name = "" if self.name == WHOLE_ARRANGEMENT else f", zorgvorm {self.name}"
        return f"regeling {self.arrangement.code}{name}, {self.segment.since} tot {self.segment.until}"


def cut(arrangement: Arrangement) -> list[Segment]:
    """The segments of an arrangement in order of time: cut at every 1 January and at every member date."""
    dates = {arrangement.since, arrangement.until}
    dates |= {date(year, 1, 1) for year in arrangement.years}
    dates |= {day for member in arrangement.members for day in (member.since, member.until) if day}
    inside = sorted(day for day in dates if arrangement.since <= day <= arrangement.until)
    segments = []
    for since, until in pairwise(inside):
        members = sorted({member.municipality for member in arrangement.members if member.covers(since, until)})
        if members:
            segments.append(Segment(since=since, until=until, members=tuple(members)))
    return segments


def pools(arrangement: Arrangement) -> list[Pool]:
    """The pools of an arrangement, by time and then in the order of its categories."""
    groups = [(WHOLE_ARRANGEMENT, arrangement.categories)]
    if arrangement.pool_by == "category":
        groups = [(category, (category,)) for category in arrangement.categories]
    return [
        Pool(arrangement=arrangement, segment=segment, name=name, categories=categories)
        for segment in cut(arrangement)
        for name, categories in groups
    ]

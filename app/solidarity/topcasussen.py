"""The most expensive cases of a gemeente in a year, and how many of them were so the year before (README 2.14 and section 4, R03). Pure.

A case is a client by code or pseudonym; nothing here knows who that is. Order: cost descending, then client code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

AANTAL = 10
"""How many cases a top has when nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Casus:
    """What one client cost a gemeente in a year, in cents."""

    gemeente: str
    jaar: int
    client: str
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopCasus:
    """A case in the top of its gemeente and year; `rang` counts from 1.

    `in_vorige_top` says whether it was in the top of the year before; None when nothing is known of that year.
    """

    gemeente: str
    jaar: int
    rang: int
    client: str
    bedrag_cent: int
    in_vorige_top: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopVerloop:
    """How the top of a gemeente and year differs from that of the year before.

    Attributes:
        gemeente: Whose cases these are.
        jaar: The later of the two years.
        aantal: Cases in the top of this year: N, or fewer when there are not so many clients.
        totaal_cent: Cost of this top.
        vorig_totaal_cent: Cost of the top of the year before.
        gebleven: Cases in both.
        uitstroom: Churn: 1 - stayed / `aantal`.
        jaccard: Stayed / cases in either top; stayed / (2N - stayed) when both are full.
    """

    gemeente: str
    jaar: int
    aantal: int
    totaal_cent: int
    vorig_totaal_cent: int
    gebleven: int
    uitstroom: Fraction
    jaccard: Fraction

    @property
    def verschil_cent(self) -> int:
        """How much more this top cost than the one before."""
        return self.totaal_cent - self.vorig_totaal_cent

    @property
    def vervangen(self) -> int:
        """Cases that were not in the top of the year before."""
        return self.aantal - self.gebleven


def top_casussen(casussen: Iterable[Casus], aantal: int = AANTAL) -> tuple[TopCasus, ...]:
    """The top of every gemeente and year, by gemeente, jaar and rang; several amounts of one client add up."""
    tops = _tops(casussen, aantal)
    clients = {cel: {client for client, _ in top} for cel, top in tops.items()}
    return tuple(
        TopCasus(
            gemeente=gemeente,
            jaar=jaar,
            rang=rang,
            client=client,
            bedrag_cent=cent,
            in_vorige_top=client in vorige if (vorige := clients.get((gemeente, jaar - 1))) is not None else None,
        )
        for (gemeente, jaar), top in sorted(tops.items())
        for rang, (client, cent) in enumerate(top, start=1)
    )


def top_verloop(top: Sequence[TopCasus]) -> tuple[TopVerloop, ...]:
    """What changed, for every gemeente and year whose year before is in `top` too; by gemeente and jaar."""
    cellen: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for casus in top:
        cellen[casus.gemeente, casus.jaar][casus.client] = casus.bedrag_cent
    return tuple(
        _verloop(gemeente, jaar, cel, cellen[gemeente, jaar - 1])
        for (gemeente, jaar), cel in sorted(cellen.items())
        if (gemeente, jaar - 1) in cellen
    )


def _tops(casussen: Iterable[Casus], aantal: int) -> dict[tuple[str, int], list[tuple[str, int]]]:
    """Client and cents in order of rang, per gemeente and jaar."""
    totals: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for casus in casussen:
        totals[casus.gemeente, casus.jaar][casus.client] += casus.bedrag_cent
    return {cel: sorted(per_client.items(), key=lambda item: (-item[1], item[0]))[:aantal] for cel, per_client in totals.items()}


def _verloop(gemeente: str, jaar: int, nu: Mapping[str, int], toen: Mapping[str, int]) -> TopVerloop:
    gebleven = len(nu.keys() & toen.keys())
    return TopVerloop(
        gemeente=gemeente,
        jaar=jaar,
        aantal=len(nu),
        totaal_cent=sum(nu.values()),
        vorig_totaal_cent=sum(toen.values()),
        gebleven=gebleven,
        uitstroom=1 - Fraction(gebleven, len(nu)),
        jaccard=Fraction(gebleven, len(nu.keys() | toen.keys())),
    )

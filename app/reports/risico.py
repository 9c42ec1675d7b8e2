"""What a year may cost gemeenten with and without sharing, as plain values for a page: chances in thousandths, amounts in cents. Pure, no NumPy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

JAREN_GESIMULEERD = 3_000
"""Enough for a chance within two hundredths (two standard errors), and a few seconds at most."""
SEED = 1
SCHOKKEN_PROMILLE = (0, 30, 50)
"""Standard deviations of a year that is dearer or cheaper for all at once, from which a reader chooses."""


class Deelwijze(StrEnum):
    """The ways of sharing that a reader can lay beside bearing one's own; names of `risico.choice`."""

    WAARBORG = "waarborg"
    QUOTUM = "quotum:1/2"
    STOPLOSS = "stoploss:50000"
    VLAKTAKS = "vlaktaks:3"
    UITSTEL = "uitstel:3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kans:
    """What one gemeente bears under one way of sharing.

    Attributes:
        gemiddelde_cent: Mean over the simulated years.
        kans_promille: Part of the years above the budget.
        p5_cent, p50_cent, p95_cent: What 5, 50 and 95 of 100 years do not exceed.
        es95_cent: The mean overrun in the five worst years of a hundred: the reserve that it takes; negative when even those stay within budget.
    """

    gemiddelde_cent: int
    kans_promille: int
    p5_cent: int
    p50_cent: int
    p95_cent: int
    es95_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GemeenteRisico:
    """One gemeente (or the region, code empty), without and with sharing.

    Attributes:
        budget_cent: What it is measured against.
        eigen_toeval_cent: Spread (standard deviation) of its own cost by chance.
        toeval_cent: What is left of that with sharing.
        gezamenlijk_cent: Spread that years add which are dearer for all at once, with sharing.
    """

    gemeente: str
    naam: str
    budget_cent: int
    zonder: Kans
    met: Kans
    eigen_toeval_cent: int
    toeval_cent: int
    gezamenlijk_cent: int

    @property
    def weggenomen_promille(self) -> int | None:
        """Which part of the spread by chance sharing takes away; None without any, negative when it grows."""
        return (self.eigen_toeval_cent - self.toeval_cent) * 1000 // self.eigen_toeval_cent if self.eigen_toeval_cent else None

    def op_budget(self, cent: int) -> int | None:
        """An amount in thousandths of the budget, rounded down; None without a budget."""
        return cent * 1000 // self.budget_cent if self.budget_cent > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RisicoOverzicht:
    """A simulation as it is shown: the gemeenten of the reader by name, and the region.

    Attributes:
        jaar: The simulated year.
        van, tot_en_met: Years of the history that were drawn from.
        clienten: How many clients that history has.
        aantal: Simulated years.
        schok_promille: Standard deviation of the common factor.
        stand_van: When the books were read; the same books give the same answer.
    """

    stand_van: datetime = field(compare=False)
    jaar: int
    van: int
    tot_en_met: int
    clienten: int
    aantal: int
    deelwijze: Deelwijze
    schok_promille: int
    gemeenten: tuple[GemeenteRisico, ...]
    regio: GemeenteRisico

    @property
    def gedaald(self) -> int:
        """For how many gemeenten the chance of an overrun is lower with sharing."""
        return sum(each.met.kans_promille < each.zonder.kans_promille for each in self.gemeenten)

    @property
    def gestegen(self) -> int:
        """For how many it is higher."""
        return sum(each.met.kans_promille > each.zonder.kans_promille for each in self.gemeenten)

    @property
    def minder_slecht(self) -> int:
        """For how many the worst years are less bad with sharing."""
        return sum(each.met.es95_cent < each.zonder.es95_cent for each in self.gemeenten)

"""Who takes part: gemeenten and aanbieders, written as `gemeente:0384` and `aanbieder:42420001`, and who acts for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

PARTIJ = re.compile(r"gemeente:[0-9]{4}|aanbieder:[0-9]{8}|regio")
REGIO = "regio"
"""The purchasing organisation itself."""


@lru_cache(maxsize=4096)
def gemeente(code: str) -> str:
    """The partij of a gemeentecode (4 digits)."""
    return f"gemeente:{code}"


@lru_cache(maxsize=4096)
def aanbieder(agb: str) -> str:
    """The partij of an AGB-code (8 digits)."""
    return f"aanbieder:{agb}"


def is_partij(text: str) -> bool:
    """Whether the text has the form of a partij."""
    return PARTIJ.fullmatch(text) is not None


def code_van(partij: str) -> str:
    """The gemeentecode or AGB-code in a partij."""
    return partij.partition(":")[2]


class Rol(StrEnum):
    """What a person may do; a machine with a token has no role, only parties, but for that of the region (contractbeheer).

    `AANBIEDER` is for people of an aanbieder: they act for that one party and see what is its own, and have no other role.
    """

    INZAGE = "inzage"
    TOEGANG = "toegang"
    UITVAL = "uitval"
    CONTRACTBEHEER = "contractbeheer"
    CONTROLLER = "controller"
    AANBIEDER = "aanbieder"
    BEHEER = "beheer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks, made at the edge and passed to every service: each query takes `partijen` or `gemeenten` as a condition.

    Attributes:
        naam: Login name of a person or label of a token; for the journal, never for a decision.
        partijen: The parties this actor may act for; their berichten are visible. Empty for a person of the region.
        gemeenten: Gemeentecodes whose berichten and money are visible; None means all of the region.
        rollen: Empty for a machine of a gemeente or aanbieder.
    """

    naam: str
    partijen: frozenset[str] = frozenset()
    gemeenten: frozenset[str] | None = frozenset()
    rollen: frozenset[Rol] = frozenset()

    def mag_namens(self, partij: str) -> bool:
        """Whether the actor may send in the name of `partij`."""
        return partij in self.partijen

    @property
    def is_regiosoftware(self) -> bool:
        """Whether this is the machine of the region, which keeps contracts and has no business with berichten or money."""
        return REGIO in self.partijen

    def heeft(self, *rollen: Rol) -> bool:
        """Whether the actor has one of the roles; beheer has them all."""
        return Rol.BEHEER in self.rollen or not self.rollen.isdisjoint(rollen)


SYSTEEM = Actor(naam="systeem", gemeenten=None, rollen=frozenset({Rol.BEHEER}))
"""The product itself: command line and workers."""

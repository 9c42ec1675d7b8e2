"""What the books should say after an act, and the transfers that bring them there. Pure.

A periodic act (a term, an advance, a contribution) does not book an amount: it brings the books to a plan. What acts of the same soort and sleutel
booked before counts, so doing it again books nothing, and doing it after the plan changed books the difference, dated today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from app.domain.verdeling import largest_remainder
from app.ledger.boeking import Boeking, Rekening

MAANDEN_PER_JAAR = 12


class Post(NamedTuple):
    """Where money goes, in the direction that the event has: from credit to debet."""

    debet: Rekening
    credit: Rekening
    domein: str
    zorgvorm: str
    zorgmaand: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bekostigd:
    """A contract that is paid by terms for a zorgvorm (empty: all) in a year; amount in cents, gemeenten sorted."""

    contract: str
    agb: str
    domein: str
    zorgvorm: str
    vorm: str
    gegarandeerd_cent: int
    termijnen: int
    gemeenten: tuple[str, ...]


def termijn_cent(bedrag_cent: int, termijnen: int, nummer: int) -> int:
    """Term `nummer` (from 1) of a yearly amount; all terms give exactly that amount.

    Source: solidarity README 2.11: the whole cents up to and including this term less those before it.
    """
    return bedrag_cent * nummer // termijnen - bedrag_cent * (nummer - 1) // termijnen


def termijn_in(maand: date, termijnen: int) -> int | None:
    """Which term, from 1, is due in a month; None when none is. Terms are due in the first month of the part of the year they are for."""
    between = MAANDEN_PER_JAAR // termijnen
    return (maand.month - 1) // between + 1 if (maand.month - 1) % between == 0 else None


def verdeel(bedrag_cent: int, gewichten: Mapping[str, Fraction]) -> dict[str, int]:
    """An amount over gemeenten by weight, to the cent (largest remainder); a negative amount as the positive one with its sign turned.

    Raises:
        ValueError: A weight is negative, or none is above zero.
    """
    whole = sum(gewichten.values(), Fraction(0))
    if whole <= 0 or min(gewichten.values()) < 0:
        raise ValueError("weights must not be negative and at least one must be above zero")
    sign = -1 if bedrag_cent < 0 else 1
    shares = largest_remainder({code: abs(bedrag_cent) * weight / whole for code, weight in gewichten.items()}, abs(bedrag_cent))
    return {code: sign * cents for code, cents in shares.items()}


def boekingen_naar(
    plan: Mapping[Post, int], geboekt: Mapping[Post, int], *, soort: str, nr: int, boekdatum: date, client_id: int | None = None
) -> list[Boeking]:
    """The transfers that bring what is booked to the plan, numbered in order of post; none where it is there already.

    Args:
        plan: Cents per post that should have been booked; negative: the other way round.
        geboekt: Cents per post that were booked before.
        soort, nr, boekdatum: Of the act.
        client_id: Whom it is about, when it is about one client.
    """
    deltas = {post: plan.get(post, 0) - geboekt.get(post, 0) for post in plan.keys() | geboekt.keys()}
    return [
        Boeking(
            bericht_nr=nr,
            regel=regel,
            soort=soort,
            volgnr=0,
            debet=post.debet if deltas[post] > 0 else post.credit,
            credit=post.credit if deltas[post] > 0 else post.debet,
            bedrag_cent=abs(deltas[post]),
            domein=post.domein,
            zorgvorm=post.zorgvorm,
            zorgmaand=post.zorgmaand,
            dienst_van=None,
            dienst_tot=None,
            boekdatum=boekdatum,
            client_id=client_id,
        )
        for regel, post in enumerate((each for each in sorted(deltas) if deltas[each]), 1)
    ]

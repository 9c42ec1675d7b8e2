"""The share of a gemeente in a run of the verevening, down to the balances that went in and what they are now. Pure.

A run keeps its agreement and its input, so this is told from what was stored; the ledger only says what the same balances are today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from app.domain.periode import maand_van, slotdag
from app.reports.herkomst import PotInRun, SaldoInRun
from app.solidarity.document import Overeenkomst, joined
from app.solidarity.history import History, Merger
from app.solidarity.runuitkomst import with_past
from app.solidarity.segments import Pool, pools
from app.solidarity.tomlform import read_document
from app.solidarity.uitleg import Bron

Cel = tuple[str, str, date]
"""A balance of cost: gemeente, zorgvorm, zorgmaand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Afspraak:
    """The agreement that a run was made by: its document, its pools in the year, and the herindelingen that counted."""

    document: Overeenkomst
    potten: tuple[Pool, ...]
    history: History

    def artikel(self, pool: Pool) -> str | None:
        """The article that the arrangement of a pool rests on."""
        return Bron(document=self.document).artikel(pool)

    def dragers(self, gemeente: str, pool: Pool) -> dict[str, Fraction]:
        """Who bears the cost of a gemeente in a pool, and for which part: itself, or the one that it went up in."""
        return self.history.bearers(gemeente, pool.segment.since, pool.segment.since)

    def pot_van(self, gemeente: str, zorgvorm: str, zorgmaand: date) -> tuple[Pool, str] | None:
        """The pool that this cost falls in, and the member that bears it; None when nobody shares it."""
        for pool in self.potten:
            if zorgvorm in pool.categories and pool.segment.since <= zorgmaand < pool.segment.until:
                bearer = next((code for code in self.dragers(gemeente, pool) if code in pool.members), None)
                if bearer is not None:
                    return pool, bearer
        return None


def afspraak_van(overeenkomst: str, herindelingen: Iterable[Sequence[str]], jaar: int) -> Afspraak:
    """The agreement of a run from what was stored with it.

    Args:
        overeenkomst: The document.
        herindelingen: Day, from, to and fraction as text (`runinvoer.as_data`).
        jaar: The year that was settled.
    Raises:
        RegelingOngeldig: The document can no longer be read.
    """
    document = read_document(overeenkomst)
    agreement = with_past(document.agreement, jaar)
    mergers = tuple(
        Merger(date=date.fromisoformat(day), predecessor=van, successor=naar, fraction=Fraction(part))
        for day, van, naar, part in herindelingen
    )
    return Afspraak(
        document=document,
        potten=tuple(pool for arrangement in agreement.arrangements for pool in pools(arrangement) if pool.year == jaar),
        history=joined(document.history, History(mergers=mergers)),
    )


def cellen_in_run(afspraak: Afspraak, kosten: Iterable[Sequence[Any]], gemeente: str) -> dict[Cel, int]:
    """The balances of the year that went into the own cost of a gemeente, as stored: gemeente, zorgvorm, zorgmaand and cents.

    Args:
        afspraak: What the run was made by.
        kosten: All cost that was stored with it.
        gemeente: The member.
    """
    found: dict[Cel, int] = {}
    years = {pool.year for pool in afspraak.potten}
    for code, zorgvorm, maand, cents in kosten:
        zorgmaand = date.fromisoformat(maand)
        if zorgmaand.year not in years:
            continue
        place = afspraak.pot_van(code, zorgvorm, zorgmaand)
        if place is not None and place[1] == gemeente:
            cel = (code, zorgvorm, zorgmaand)
            found[cel] = found.get(cel, 0) + cents
    return found


def bronnen_van(afspraak: Afspraak, gemeente: str) -> frozenset[str]:
    """The gemeenten whose cost may be that of this member: itself and all that went up in it."""
    codes = {gemeente, *(merger.predecessor for merger in afspraak.history.mergers)}
    return frozenset(code for code in codes if any(gemeente in afspraak.dragers(code, pool) for pool in afspraak.potten))


def regel_van(uitkomst: Iterable[Mapping[str, Any]], pool: Pool, gemeente: str) -> Mapping[str, Any] | None:
    """The stored result of one gemeente in one pool."""
    key = (pool.arrangement.code, pool.segment.since.isoformat(), pool.name, gemeente)
    return next((row for row in uitkomst if (row["arrangement"], row["period_from"], row["pool"], row["municipality"]) == key), None)


def potten_in_run(
    afspraak: Afspraak, regels: Iterable[Mapping[str, Any]], gemeente: str, in_run: Mapping[Cel, int], nu: Mapping[Cel, int]
) -> tuple[PotInRun, ...]:
    """Every pool of a gemeente: the stored result beside the balances of then and now.

    Args:
        afspraak: What the run was made by.
        regels: The stored outcome, of all gemeenten.
        gemeente: The member.
        in_run: `cellen_in_run`.
        nu: The same balances in the ledger now; one that was not there then is there too.
    """
    cells: list[list[Cel]] = [[] for _ in afspraak.potten]
    for cel in sorted(in_run.keys() | nu.keys()):
        place = afspraak.pot_van(*cel)
        if place is not None and place[1] == gemeente:
            cells[afspraak.potten.index(place[0])].append(cel)
    stored = list(regels)
    found = ((pool, regel_van(stored, pool, gemeente), own) for pool, own in zip(afspraak.potten, cells, strict=True))
    return tuple(
        PotInRun(
            regeling=pool.arrangement.code,
            pot=pool.name,
            zorgvormen=pool.categories,
            van=pool.segment.since,
            tot_en_met=slotdag(pool.segment.until),
            artikel=afspraak.artikel(pool),
            eigen_kosten_cent=row["own_cost_cent"],
            bijdrage_cent=row["contribution_cent"],
            saldi=tuple(
                SaldoInRun(gemeente=cel[0], zorgvorm=cel[1], zorgmaand=cel[2], in_run_cent=in_run.get(cel, 0), nu_cent=nu.get(cel, 0))
                for cel in own
            ),
        )
        for pool, row, own in found
        if row is not None
    )


def maanden_van(afspraak: Afspraak) -> tuple[date, date] | None:
    """First and last zorgmaand that the pools cover; None when nothing is shared in the year."""
    if not afspraak.potten:
        return None
    return maand_van(min(pool.segment.since for pool in afspraak.potten)), maand_van(
        slotdag(max(pool.segment.until for pool in afspraak.potten))
    )

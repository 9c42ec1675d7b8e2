"""Who leaves an arrangement with a reserve closes its personal balance (README 2.10, 2.12).

In the deferral variant everybody pays its own cost, only later. The personal balance is what somebody spent and has not yet paid:
own cost minus contributions since it joined. Without closing it, the others would pay what the leaver left behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.solidarity.agreement import ZERO, Agreement, Arrangement, Membership
from app.solidarity.calculator import ShareRow
from app.solidarity.history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """A personal balance closed on the first day without membership; positive: the municipality pays it into the reserve."""

    arrangement: str
    left_on: date
    municipality: str
    balance_cent: int


def leavers(rows: Iterable[ShareRow], agreement: Agreement, history: History) -> list[Leaver]:
    """The balances to close in every arrangement with a reserve, by arrangement, day and municipality.

    What a merged municipality left behind moves to its successors by fraction; only what ends up outside the group is closed.
    When the arrangement itself ends nobody leaves: the reserve is then divided by another decision.
    """
    per_arrangement: dict[str, list[ShareRow]] = defaultdict(list)
    for row in rows:
        per_arrangement[row.arrangement].append(row)
    return [
        leaver
        for arrangement in agreement.arrangements
        if arrangement.reserve
        for leaver in _leavers_of(arrangement, per_arrangement[arrangement.code], history)
    ]


def _leavers_of(arrangement: Arrangement, rows: Iterable[ShareRow], history: History) -> list[Leaver]:
    """Walk through time: add what each period leaves unpaid, move it at mergers, close it for who is no member any more."""
    unpaid: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        unpaid[row.period_to][row.municipality] -= row.settlement_cent
    balances: dict[str, Fraction] = {}
    closed: list[Leaver] = []
    for day, amounts in sorted(unpaid.items()):
        for name, cent in amounts.items():
            balances[name] = balances.get(name, ZERO) + cent
        if day < arrangement.until:
            balances = _moved(balances, day, history)
            gone = sorted(name for name in balances if not any(m.municipality == name and _member_on(m, day) for m in arrangement.members))
            closed += [
                Leaver(arrangement=arrangement.code, left_on=day, municipality=name, balance_cent=round_half_up(balances.pop(name)))
                for name in gone
            ]
    return closed


def _member_on(member: Membership, day: date) -> bool:
    return (member.since is None or member.since <= day) and (member.until is None or day < member.until)


def _moved(balances: Mapping[str, Fraction], day: date, history: History) -> dict[str, Fraction]:
    """Balances after the mergers of one day."""
    moved: dict[str, Fraction] = defaultdict(Fraction)
    for name, balance in balances.items():
        successors = {m.successor: m.fraction for m in history.mergers if m.date == day and m.predecessor == name}
        for successor, fraction in (successors or {name: Fraction(1)}).items():
            moved[successor] += balance * fraction
    return dict(moved)

"""Section 2 of the solidarity reference computed a second time, straight from its sentences and as simply as can be.

It reads the values of an agreement and shares no function with `app.solidarity`: days are walked one by one, nothing is indexed,
every amount is a Fraction of a cent. Slow, and meant for small regions. `Geweigerd` stands for what the calculator must refuse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from app.solidarity.agreement import Arrangement, KeyTerm, Layer
from app.solidarity.costs import CostLine
from app.solidarity.history import History
from app.solidarity.measures import MeasureValue

Outcome = dict[tuple[str, date, date, str, str], tuple[int, int, Fraction]]
"""Own cost, contribution and exact contribution in cents, per arrangement, segment, pool and municipality."""
NIL = Fraction(0)


class Geweigerd(Exception):
    """The definitions give no answer."""


@dataclass
class Pot:
    """One pool in one segment."""

    a: Arrangement
    days: list[date]
    group: list[str]
    categories: tuple[str, ...]
    lines: Iterable[CostLine]
    values: Iterable[MeasureValue]
    history: History

    @property
    def t(self) -> int:
        """The year."""
        return self.days[0].year

    @property
    def phi(self) -> Fraction:
        """2.2: days of the segment over days of the year."""
        return Fraction(len(self.days), 366 if self.t % 4 == 0 else 365)


def settle_by_hand(arrangements: Iterable[Arrangement], lines: list[CostLine], values: list[MeasureValue], history: History) -> Outcome:
    """Every row of the settlement."""
    outcome: Outcome = {}
    for a in arrangements:
        for days, group in segments(a):
            for pool in [(c,) for c in a.categories] if a.pool_by == "category" else [tuple(a.categories)]:
                pot = Pot(a, days, group, pool, lines, values, history)
                name = pool[0] if a.pool_by == "category" else "*"
                own = own_cost(pot)
                exact = plafond(pot, contributions(pot, own))
                rounded = rounding(exact, half_away(sum(exact.values(), NIL)) if a.reserve else int(sum(own.values())))
                for i in group:
                    outcome[a.code, days[0], days[-1] + timedelta(days=1), name, i] = (int(own[i]), rounded[i], exact[i])
    return outcome


def segments(a: Arrangement) -> list[tuple[list[date], list[str]]]:
    """2.2: the days between cuts, with the members of all of them."""
    cuts = {day for m in a.members for day in (m.since, m.until) if day}
    found: list[tuple[list[date], list[str]]] = []
    day = a.since
    while day < a.until:
        if not found or day in cuts or (day.month, day.day) == (1, 1):
            found.append(([], []))
        found[-1][0].append(day)
        day += timedelta(days=1)
    for days, group in found:
        for m in a.members:
            if all((not m.since or m.since <= d) and (not m.until or d < m.until) for d in (days[0], days[-1])):
                group.append(m.municipality)
        group.sort()
    return [(days, group) for days, group in found if group]


def successors(pot: Pot, name: str, dated: date) -> dict[str, Fraction]:
    """2.10: who counts, on the first day of the segment, for something of `name` dated `dated`."""
    held = {name: Fraction(1)}
    for day in sorted({m.date for m in pot.history.mergers if m.date <= pot.days[0]}):
        after: dict[str, Fraction] = {}
        for holder, part in held.items():
            into = [(m.successor, m.fraction) for m in pot.history.mergers if m.date == day and m.predecessor == holder]
            for successor, fraction in into or [(holder, Fraction(1))]:
                after[successor] = after.get(successor, NIL) + part * fraction
        held = after
    return held


def own_cost(pot: Pot) -> dict[str, Fraction]:
    """2.3."""
    own = dict.fromkeys(pot.group, NIL)
    for line in pot.lines:
        if line.category in pot.categories and pot.days[0] <= line.service_date <= pot.days[-1]:
            for i, part in successors(pot, line.municipality, line.service_date).items():
                if i in own:
                    own[i] += part * line.bedrag_cent
    return own


def measure(pot: Pot, m: str, y: int) -> dict[str, Fraction]:
    """2.4: m_i(y) for the group, with mergers and imputed gaps; cost in cents."""
    gone = {i for i in pot.group for gap in pot.history.gaps if (gap.municipality, gap.measure, gap.year) == (i, m, y)}
    found = dict.fromkeys(pot.group, NIL)
    if m == "cost":
        for line in pot.lines:
            if line.category in pot.categories and line.service_date.year == y:
                for i, part in successors(pot, line.municipality, line.service_date).items():
                    if i in found:
                        found[i] += part * line.bedrag_cent
    else:
        for source in {v.municipality for v in pot.values}:
            own = [v.value for v in pot.values if (v.measure, v.municipality, v.year, v.category) == (m, source, y, None)]
            special = [v.value for v in pot.values if (v.measure, v.municipality, v.year, v.category) == (m, source, y, pot.categories[0])]
            for value in special if special and len(pot.categories) == 1 else own:
                for i, part in successors(pot, source, date(y, 1, 1)).items():
                    if i in found:
                        found[i] += part * value
    if gone:
        fallback = measure(pot, pot.a.fallback_measure or "", pot.t)
        whole = sum((fallback[i] for i in pot.group if i not in gone), NIL)
        if not whole:
            raise Geweigerd
        level = sum((found[i] for i in pot.group if i not in gone), NIL) / whole
        for i in gone:
            found[i] = fallback[i] * level
    return found


def window(pot: Pot, m: str, lag: int) -> dict[str, Fraction]:
    """2.4: lag 0 of cost is the segment itself."""
    return own_cost(pot) if m == "cost" and lag == 0 else measure(pot, m, pot.t - lag)


def terms_of(pot: Pot, role: str) -> list[KeyTerm]:
    """2.4: `rest` and `premium` fall back to `key`."""
    named = role if role not in ("rest", "premium") or any(k.role == role for k in pot.a.key_terms) else "key"
    return [
        k for k in pot.a.key_terms if k.role == named and (k.years.first or 0) <= pot.t and (k.years.last is None or pot.t <= k.years.last)
    ]


def key(pot: Pot, role: str) -> dict[str, Fraction]:
    """2.4: w_i."""
    weight = dict.fromkeys(pot.group, NIL)
    for term in terms_of(pot, role):
        lags = list(range(term.lag_from, term.lag_to + 1))
        per_lag = [window(pot, term.measure, lag) for lag in lags]
        raws = [{i: sum((p[i] for p in per_lag), NIL) for i in pot.group}] if term.averaging == "sum" else per_lag
        for raw in raws:
            positive = {i: x if x > 0 else NIL for i, x in raw.items()}
            if sum(positive.values()) == 0 and pot.a.fallback_measure:
                positive = {i: x if x > 0 else NIL for i, x in measure(pot, pot.a.fallback_measure, pot.t).items()}
            if sum(positive.values()) == 0:
                positive = dict.fromkeys(pot.group, Fraction(1))
            for i in pot.group:
                weight[i] += term.weight * positive[i] / sum(positive.values()) / len(raws)
    return weight


def budget(pot: Pot) -> dict[str, Fraction]:
    """2.5: b_i in cents."""
    whole = {i: 100 * euros for i, euros in measure(pot, pot.a.budget_measure or "", pot.t).items()}
    return {i: (b - half_away(pot.a.local_share * b)) * pot.phi for i, b in whole.items()}


def layers(pot: Pot, own: dict[str, Fraction]) -> tuple[dict[str, Fraction], dict[str, dict[str, Fraction]]]:
    """2.5: kept R_i and shared S_i per role."""
    everything = [Layer(basis="cost", share=Fraction(1))]
    valid = [x for x in pot.a.layers or everything if (x.years.first or 0) <= pot.t and (x.years.last is None or pot.t <= x.years.last)]
    kept: dict[str, Fraction] = {}
    shared: dict[str, dict[str, Fraction]] = {x.role: dict.fromkeys(pot.group, NIL) for x in valid}
    for i in pot.group:
        u = NIL
        for amount in pot.history.kept:
            where = amount.category is None or pot.categories == (amount.category,)
            if (amount.arrangement, amount.year, amount.municipality) == (pot.a.code, pot.t, i) and where:
                u += amount.bedrag_cent * pot.phi
        left = own[i] - u
        taken = NIL
        for x in valid:
            if x.basis == "client":
                for total in clients(pot, i).values():
                    top = total if x.upper is None else min(total, x.upper * pot.phi)
                    part = x.share * max(NIL, top - x.lower * pot.phi)
                    shared[x.role][i] += part
                    taken += part
        left -= taken
        taken = NIL
        for x in valid:
            if x.basis == "deviation":
                b = budget(pot)[i]
                unit = b if x.unit == "pct" else pot.phi
                d = left - b
                if (d > 0 and x.side in ("over", "both")) or (d < 0 and x.side in ("under", "both")):
                    top = abs(d) if x.upper is None else min(abs(d), x.upper * unit)
                    part = (1 if d > 0 else -1) * x.share * max(NIL, top - x.lower * unit)
                    shared[x.role][i] += part
                    taken += part
        left -= taken
        taken = NIL
        for x in valid:
            if x.basis == "cost":
                shared[x.role][i] += x.share * left
                taken += x.share * left
        kept[i] = u + left - taken
    return kept, shared


def clients(pot: Pot, i: str) -> dict[str, Fraction]:
    """Net cost of each client of a municipality in the pool and segment."""
    found: dict[str, Fraction] = {}
    for line in pot.lines:
        if line.client and line.category in pot.categories and pot.days[0] <= line.service_date <= pot.days[-1]:
            part = successors(pot, line.municipality, line.service_date).get(i)
            if part:
                found[line.client] = found.get(line.client, NIL) + part * line.bedrag_cent
    return found


def deposit(pot: Pot) -> dict[str, Fraction]:
    """2.6: I_i."""

    def of_region(name: str) -> Fraction | None:
        found = [v.value for v in pot.values if (v.measure, v.municipality, v.year) == (name, "*", pot.t)]
        return found[0] if found else None

    total, index = of_region("premium_total"), of_region("premium_index") or Fraction(1)
    if pot.a.inleg == "budget":
        return budget(pot)
    if pot.a.inleg == "premium" and total is None:
        return {i: pot.phi * 100 * x for i, x in measure(pot, "premium", pot.t).items()}
    if pot.a.inleg == "premium" and total is not None:
        return {i: pot.phi * 100 * total * index * w for i, w in key(pot, "premium").items()}
    found = dict.fromkeys(pot.group, NIL)
    for term in terms_of(pot, "premium"):
        lags = range(term.lag_from, term.lag_to + 1)
        for lag in lags:
            for i, x in measure(pot, term.measure, pot.t - lag).items():
                found[i] += term.weight * (1 if term.measure == "cost" else 100) * x / len(lags)
    return {i: max(NIL, pot.phi * index * x) for i, x in found.items()}


def contributions(pot: Pot, own: dict[str, Fraction]) -> dict[str, Fraction]:
    """2.7: q_i."""
    kept, shared = layers(pot, own)
    q = dict(kept)
    for role, part in shared.items():
        if ((role != "key" or pot.a.inleg == "none") and any(x.role == role and x.share for x in pot.a.layers or ())) or (
            role == "key" and pot.a.inleg == "none" and not pot.a.layers
        ):
            w = key(pot, role)
            for i in pot.group:
                q[i] += w[i] * sum(part.values(), NIL)
    if pot.a.inleg == "none":
        return q
    s = shared.get("key", dict.fromkeys(pot.group, NIL))
    put_in = deposit(pot)
    back = dict.fromkeys(pot.group, NIL)
    if n := pot.a.no_claim:
        for i in pot.group:
            if s[i] < n.threshold * put_in[i]:
                gap = n.rate * (n.threshold * put_in[i] - s[i])
                back[i] = n.rate * put_in[i] if n.kind == "flat" else min(put_in[i], gap)
    for i in pot.group:
        q[i] += put_in[i] - back[i]
    if pot.a.reserve:
        return q
    w = key(pot, "rest")
    payers = [i for i in pot.group if not back[i]] if pot.a.no_claim and pot.a.no_claim.paid_by == "claimers" else list(pot.group)
    payers = payers or list(pot.group)
    for i in pot.group:
        q[i] += w[i] * (sum(s.values(), NIL) - sum(put_in.values(), NIL))
    if any(back.values()):
        if not sum(w[i] for i in payers):
            raise Geweigerd
        for i in payers:
            q[i] += w[i] / sum((w[j] for j in payers), NIL) * sum(back.values(), NIL)
    return q


def plafond(pot: Pot, q: dict[str, Fraction]) -> dict[str, Fraction]:
    """2.8."""
    if pot.a.cap is None:
        return q
    caps = {i: pot.a.cap * b for i, b in budget(pot).items()}
    w = key(pot, "rest")
    free = list(pot.group)
    while any(q[i] > caps[i] for i in free):
        above = [i for i in free if q[i] > caps[i]]
        excess = sum((q[i] - caps[i] for i in above), NIL)
        free = [i for i in free if i not in above]
        for i in above:
            q[i] = caps[i]
        if not free:
            raise Geweigerd
        whole = sum((w[i] for i in free), NIL)
        for i in free:
            q[i] += excess * (w[i] / whole if whole else Fraction(1, len(free)))
    return q


def rounding(exact: dict[str, Fraction], total: int) -> dict[str, int]:
    """2.9: one cent at a time to the largest fractional part that has not had one."""
    cents = {i: x.numerator // x.denominator for i, x in exact.items()}
    waiting = sorted(exact)
    while sum(cents.values()) < total:
        best = waiting[0]
        for i in waiting:
            if exact[i] % 1 > exact[best] % 1:
                best = i
        cents[best] += 1
        waiting.remove(best)
    assert sum(cents.values()) == total
    return cents


def half_away(x: Fraction) -> int:
    """Half away from zero."""
    return int(abs(x) + Fraction(1, 2)) * (1 if x >= 0 else -1)

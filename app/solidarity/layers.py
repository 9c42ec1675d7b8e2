"""Which part of each member's own cost is shared, and which part it keeps (README 2.5).

The order is fixed: kept amounts, client, deviation, cost. Layers of one basis all start from the same amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from app.solidarity.agreement import ZERO, Basis, Layer
from app.solidarity.budget import budgets
from app.solidarity.measures import Facts
from app.solidarity.segments import Pool

Amounts = Mapping[str, Fraction]
"""Exact cents per member."""
Parts = list[tuple[Layer, Amounts]]
"""What each layer takes out of the cost of each member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The own cost of a pool in two, in exact cents: E_i = kept_i + sum over roles of shared^role_i.

    Attributes:
        kept: R_i per member.
        shared: S^role_i per role and member; every role of a layer in force is there, with zeros if need be.
    """

    kept: Mapping[str, Fraction]
    shared: Mapping[str, Mapping[str, Fraction]]

    def total(self, role: str) -> Fraction:
        """S^role: what all members together share under a role."""
        return sum(self.shared.get(role, {}).values(), ZERO)

    def of(self, role: str, member: str) -> Fraction:
        """S^role_i."""
        return self.shared.get(role, {}).get(member, ZERO)


def split_costs(pool: Pool, own: Mapping[str, int], facts: Facts) -> Split:
    """Apply kept amounts and layers to the own cost (in cents) of every member."""
    retained = kept_amounts(pool, facts)
    left = {name: own[name] - retained[name] for name in pool.members}
    shared = {layer.role: dict.fromkeys(pool.members, ZERO) for layer in pool.layers}
    for parts_of in (client_parts, deviation_parts, cost_parts):
        for layer, part in parts_of(pool, left, facts):
            for name in pool.members:
                shared[layer.role][name] += part[name]
                left[name] -= part[name]
    return Split(kept={name: retained[name] + left[name] for name in pool.members}, shared=shared)


def kept_amounts(pool: Pool, facts: Facts) -> Amounts:
    """u_i: amounts per year that a municipality bears itself, for the days of the segment."""
    kept = dict.fromkeys(pool.members, ZERO)
    for amount in facts.history.kept:
        here = amount.arrangement == pool.arrangement.code and amount.category in (None, pool.name)
        if here and amount.year == pool.year and amount.municipality in kept:
            kept[amount.municipality] += amount.bedrag_cent * pool.segment.phi
    return kept


def client_parts(pool: Pool, left: Amounts, facts: Facts) -> Parts:
    """Per client with net cost x: p x max(0, min(x, U) - L); bounds per year count for the days of the segment."""
    layers = _layers(pool, "client")
    clients = facts.costs.per_client(pool, facts.history) if layers else {}
    return [(layer, {name: layer.share * _clients_between(clients[name], layer, pool.segment.phi) for name in left}) for layer in layers]


def deviation_parts(pool: Pool, left: Amounts, facts: Facts) -> Parts:
    """With D = what is left - b_i: sign(D) x p x max(0, min(|D|, U) - L); negative is a surplus handed to the pool."""
    layers = _layers(pool, "deviation")
    budget = budgets(pool, facts) if layers else {}
    return [(layer, {name: _deviation_part(layer, left[name] - budget[name], budget[name], pool) for name in left}) for layer in layers]


def cost_parts(pool: Pool, left: Amounts, facts: Facts) -> Parts:
    """p x what is left."""
    return [(layer, {name: layer.share * left[name] for name in left}) for layer in _layers(pool, "cost")]


def _deviation_part(layer: Layer, deviation: Fraction, budget: Fraction, pool: Pool) -> Fraction:
    unwanted = {"over": -1, "under": 1, "both": 0}[layer.side or "both"]
    sign = (deviation > 0) - (deviation < 0)
    if sign == unwanted:
        return ZERO
    scale = budget if layer.unit == "pct" else pool.segment.phi
    return sign * layer.share * _between(abs(deviation), layer, scale)


def _clients_between(amounts: list[int], layer: Layer, phi: Fraction) -> Fraction:
    """The sum of what lies between the bounds for every client; whole cents until the end, since clients are many."""
    lower = layer.lower * phi
    first = floor(lower)
    if layer.upper is None:
        inside = [amount for amount in amounts if amount > first]
        return sum(inside) - len(inside) * lower
    upper = layer.upper * phi
    last = ceil(upper)
    inside = [amount for amount in amounts if first < amount < last]
    above = sum(amount >= last for amount in amounts)
    return sum(inside) - len(inside) * lower + above * (upper - lower)


def _between(amount: Fraction, layer: Layer, scale: Fraction) -> Fraction:
    """The part of an amount that lies between the bounds of a layer, each times `scale`."""
    top = amount if layer.upper is None else min(amount, layer.upper * scale)
    return max(ZERO, top - layer.lower * scale)


def _layers(pool: Pool, basis: Basis) -> list[Layer]:
    return [layer for layer in pool.layers if layer.basis == basis]

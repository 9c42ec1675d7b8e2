"""The contribution q_i of each member, exact and before any plafond or rounding (README 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.solidarity.agreement import KEY, REST, ZERO
from app.solidarity.deposit import deposits, no_claims, refund_shares
from app.solidarity.keys import key_shares
from app.solidarity.layers import Split
from app.solidarity.measures import Facts
from app.solidarity.segments import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """How the contributions of a pool are made up; amounts are exact cents per member.

    Attributes:
        deposit: I_i.
        no_claim: N_i.
        keys: w^role_i of every key that was used.
        exact: q_i before the plafond.
    """

    deposit: Mapping[str, Fraction]
    no_claim: Mapping[str, Fraction]
    keys: Mapping[str, Mapping[str, Fraction]]
    exact: Mapping[str, Fraction]


def contributions(pool: Pool, split: Split, facts: Facts) -> Contribution:
    """q_i without inleg: R_i + sum of w^role_i x S^role; with inleg also the deposit, the no-claim and the rest."""
    keys = {role: key_shares(pool, role, facts) for role in sorted(pool.arrangement.roles_used(pool.year))}
    exact = dict(split.kept)
    for role in keys.keys() & split.shared.keys():  # With a deposit `key` is not among them: its part is divided by `rest`.
        _add(exact, keys[role], split.total(role))
    deposit = deposits(pool, facts)
    no_claim = no_claims(pool, deposit, split)
    if pool.arrangement.inleg != "none":
        _add_deposit(exact, pool, split, deposit, no_claim, keys.get(REST))
    return Contribution(deposit=deposit, no_claim=no_claim, keys=keys, exact=exact)


def _add_deposit(
    exact: dict[str, Fraction],
    pool: Pool,
    split: Split,
    deposit: Mapping[str, Fraction],
    no_claim: Mapping[str, Fraction],
    rest: Mapping[str, Fraction] | None,
) -> None:
    """I_i - N_i + w^rest_i x (S^key - sum I) + refund_i; with a reserve (no key `rest`) the last two are dropped."""
    for name in pool.members:
        exact[name] += deposit[name] - no_claim[name]
    if rest is not None and not pool.arrangement.reserve:
        _add(exact, rest, split.total(KEY) - sum(deposit.values(), ZERO))
        _add(exact, refund_shares(pool, no_claim, rest), sum(no_claim.values(), ZERO))


def _add(exact: dict[str, Fraction], shares: Mapping[str, Fraction], total: Fraction) -> None:
    for name, share in shares.items():
        exact[name] += share * total

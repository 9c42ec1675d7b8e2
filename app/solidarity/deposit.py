"""Deposits (inleg), premiums and the no-claim refund (README 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.solidarity.agreement import COST, KEY, ONE, PREMIUM, ZERO, KeyTerm, NoClaim
from app.solidarity.budget import budgets
from app.solidarity.errors import not_supported, refuse
from app.solidarity.keys import key_shares
from app.solidarity.layers import Split
from app.solidarity.measures import Facts
from app.solidarity.segments import Pool

PREMIUM_TOTAL, PREMIUM_INDEX = "premium_total", "premium_index"
"""Measures of the whole region: the premiums together in euros, and their index (1 when absent)."""


def deposits(pool: Pool, facts: Facts) -> dict[str, Fraction]:
    """I_i in exact cents: what each member pays in before its use is known; zero without inleg."""
    match pool.arrangement.inleg:
        case "budget":
            return budgets(pool, facts)
        case "premium":
            return _premiums(pool, facts)
        case "history":
            return _from_history(pool, facts)
        case _:
            return dict.fromkeys(pool.members, ZERO)


def no_claims(pool: Pool, deposit: Mapping[str, Fraction], split: Split) -> dict[str, Fraction]:
    """N_i in exact cents: the refund of who uses less than theta times its deposit."""
    terms = pool.arrangement.no_claim
    if terms is None:
        return dict.fromkeys(pool.members, ZERO)
    return {name: _no_claim(terms, deposit[name], split.of(KEY, name)) for name in pool.members}


def refund_shares(pool: Pool, no_claim: Mapping[str, Fraction], rest: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The part of all refunds that each member bears: by the key `rest` within P, all members or those without a refund (2.7).

    Raises:
        RegelingOngeldig: Those who should pay have no weight in the key.
    """
    terms = pool.arrangement.no_claim
    if terms is None or not any(no_claim.values()):
        return dict.fromkeys(pool.members, ZERO)
    payers = set(pool.members)
    if terms.paid_by == "claimers":
        payers = {name for name in pool.members if not no_claim[name]} or payers
    weight = sum((rest[name] for name in payers), ZERO)
    if not weight:
        raise refuse(str(pool), "wie de no-claim moet betalen heeft gewicht 0 in de sleutel rest; kies paid_by all of een andere sleutel.")
    return {name: rest[name] / weight if name in payers else ZERO for name in pool.members}


def _no_claim(terms: NoClaim, deposit: Fraction, use: Fraction) -> Fraction:
    if use >= terms.threshold * deposit:
        return ZERO
    if terms.kind == "flat":
        return terms.rate * deposit
    return min(deposit, terms.rate * (terms.threshold * deposit - use))


def _premiums(pool: Pool, facts: Facts) -> dict[str, Fraction]:
    """phi x premium_i, or phi x premium_total x index x w^premium_i when the total is given."""
    total = facts.region_value(pool, PREMIUM_TOTAL)
    phi = pool.segment.phi
    if total is None:
        return {name: phi * 100 * euros for name, euros in facts.values(pool, PREMIUM).items()}
    whole = phi * 100 * total * _index(pool, facts)
    return {name: whole * share for name, share in key_shares(pool, PREMIUM, facts).items()}


def _from_history(pool: Pool, facts: Facts) -> dict[str, Fraction]:
    """phi x index x the mean over the lags of the premium terms, at least 0."""
    terms = pool.arrangement.terms(PREMIUM, pool.year)
    means = [_mean(pool, term, facts) for term in terms]
    scale = pool.segment.phi * _index(pool, facts)
    return {name: max(ZERO, scale * sum((mean[name] for mean in means), ZERO)) for name in pool.members}


def _mean(pool: Pool, term: KeyTerm, facts: Facts) -> dict[str, Fraction]:
    """Weight x the mean over the lags, in cents."""
    if term.measure == COST and term.lag_from < 1:
        raise not_supported(f"{pool}: een inleg uit het verleden kijkt bij kosten minstens een jaar terug (lag_from 1 of meer).")
    yearly = [facts.values(pool, term.measure, lag) for lag in term.lags]
    cents = 1 if term.measure == COST else 100
    return {name: term.weight * cents * sum((values[name] for values in yearly), ZERO) / len(yearly) for name in pool.members}


def _index(pool: Pool, facts: Facts) -> Fraction:
    index = facts.region_value(pool, PREMIUM_INDEX)
    return ONE if index is None else index

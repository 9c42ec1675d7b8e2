"""Ready-made agreements for the models most regions start from (README 2.12); `combine` puts several together.

Each has one pool per zorgvorm, whole calendar years and members for the whole period; `dataclasses.replace` changes the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from app.solidarity.agreement import COST, Agreement, Arrangement, Averaging, KeyTerm, Layer, Membership


def profijt(zorgvormen: Iterable[str], gemeenten: Iterable[str], jaren: range, *, code: str = "PROFIJT") -> Agreement:
    """Profijtbeginsel: everyone bears its own cost; every settlement is zero."""
    nothing_shared = Layer(basis="cost", share=Fraction(0))
    return _per_zorgvorm("profijtbeginsel", code, zorgvormen, gemeenten, jaren, layers=(nothing_shared,))


def waarborg(
    zorgvormen: Iterable[str], gemeenten: Iterable[str], jaren: range, *, measure: str = "inwoners", code: str = "WAARBORG"
) -> Agreement:
    """Waarborgmodel: all cost is shared by a measure of the year itself, such as inwoners, jeugdigen or rijksbudget."""
    return _per_zorgvorm("waarborg", code, zorgvormen, gemeenten, jaren, key_terms=(KeyTerm(measure=measure),))


def vlaktaks_omslag(
    zorgvormen: Iterable[str],
    gemeenten: Iterable[str],
    jaren: range,
    *,
    n_jaren: int = 3,
    averaging: Averaging = "sum",
    fallback_measure: str | None = "inwoners",
    code: str = "VLAKTAKS",
) -> Agreement:
    """Vlaktaks, omslag variant: all cost of the year is shared by the own cost of the `n_jaren` years before it.

    `sum` adds those years up, so that an expensive year weighs more; `mean_share` averages the share of each year.
    `fallback_measure` decides when nobody had cost in those years; None: equal shares.
    """
    term = KeyTerm(measure=COST, lag_from=1, lag_to=n_jaren, averaging=averaging)
    return _per_zorgvorm("vlaktaks omslag", code, zorgvormen, gemeenten, jaren, key_terms=(term,), fallback_measure=fallback_measure)


def _per_zorgvorm(
    name: str,
    code: str,
    zorgvormen: Iterable[str],
    gemeenten: Iterable[str],
    jaren: range,
    *,
    key_terms: tuple[KeyTerm, ...] = (),
    layers: tuple[Layer, ...] = (),
    fallback_measure: str | None = None,
) -> Agreement:
    arrangement = Arrangement(
        code=code,
        since=date(jaren.start, 1, 1),
        until=date(jaren.stop, 1, 1),
        categories=tuple(zorgvormen),
        members=tuple(Membership(municipality=gemeente) for gemeente in gemeenten),
        pool_by="category",
        key_terms=key_terms,
        layers=layers,
        fallback_measure=fallback_measure,
    )
    return Agreement(name=name, arrangements=(arrangement,))

"""The input of a settlement as CSV texts of section 2.14, so that any run can be repeated from files. Pure.

`csvform.read_inputs` reads them back to equal values; P x Q lines come back as the ledger lines they amount to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from fractions import Fraction

from app.solidarity.agreement import Arrangement, Layer, Years
from app.solidarity.costs import CostLine
from app.solidarity.csvform import SettlementInput
from app.solidarity.csvtable import euros, exact_text, write_rows
from app.solidarity.history import History, KeptAmount
from app.solidarity.measures import MeasureValue
from app.solidarity.payment import AdvancePaid

Cells = tuple[object, ...]
Table = tuple[tuple[str, ...], list[Cells]]
"""Header and rows."""


def write_inputs(given: SettlementInput) -> dict[str, str]:
    """Text per file name; files without a row are left out, except those of the agreement itself."""
    arrangements = given.agreement.arrangements
    tables: dict[str, Table] = {
        "input_arrangements.csv": (_ARRANGEMENT, [_arrangement(a) for a in arrangements]),
        "input_members.csv": (_MEMBER, [(a.code, m.municipality, m.since, m.until) for a in arrangements for m in a.members]),
        "input_key.csv": (_KEY, [row for a in arrangements for row in _key_terms(a)]),
        "input_layers.csv": (_LAYER, [(a.code, *_layer(layer)) for a in arrangements for layer in a.layers]),
        "input_spread.csv": (_SPREAD, [(a.code, n, exact_text(f)) for a in arrangements for n, f in enumerate(a.spread, start=1)]),
        "input_measures.csv": (_MEASURE, [_measure(value) for value in given.measures]),
        "input_ledger.csv": (_LEDGER, list(_ledger(given.lines))),
        **_history(given.history),
        "input_advances.csv": (_ADVANCE, [_advance(advance) for advance in given.advances]),
    }
    always = ("input_arrangements.csv", "input_members.csv", "input_key.csv")
    return {file: write_rows(header, rows) for file, (header, rows) in tables.items() if rows or file in always}


_ARRANGEMENT = (
    "arrangement", "valid_from", "valid_to", "categories", "pool_by", "inleg", "budget_measure", "local_share", "rest",
    "no_claim_type", "no_claim_threshold", "no_claim_rate", "no_claim_paid_by", "cap_pct", "fallback_measure",
)  # fmt: skip
_MEMBER = ("arrangement", "municipality", "from", "to")
_KEY = ("arrangement", "role", "measure", "lag_from", "lag_to", "averaging", "weight", "year_from", "year_to")
_LAYER = ("arrangement", "basis", "side", "unit", "lower", "upper", "share", "role", "year_from", "year_to")
_SPREAD = ("arrangement", "step", "fraction")
_MEASURE = ("measure", "municipality", "category", "year", "value")
_LEDGER = ("line", "service_date", "municipality", "category", "client", "provider", "amount")
_MERGER = ("date", "predecessor", "successor", "fraction")
_GAP = ("municipality", "measure", "year")
_RETAINED = ("arrangement", "year", "municipality", "amount", "reason")
_RESERVE = ("arrangement", "opening")
_ADVANCE = ("arrangement", "year", "municipality", "channel", "date", "amount")


def _arrangement(a: Arrangement) -> Cells:
    no_claim: Cells = (None,) * 4
    if a.no_claim is not None:
        no_claim = (a.no_claim.kind, exact_text(a.no_claim.threshold), exact_text(a.no_claim.rate), a.no_claim.paid_by)
    return (
        a.code,
        a.since,
        a.until,
        "|".join(a.categories),
        a.pool_by,
        None if a.inleg == "none" else a.inleg,
        a.budget_measure,
        exact_text(a.local_share) if a.local_share else None,
        "reserve" if a.reserve else None,
        *no_claim,
        _optional(a.cap),
        a.fallback_measure,
    )


def _key_terms(a: Arrangement) -> Iterator[Cells]:
    for term in a.key_terms:
        lags = (term.lag_from, term.lag_to)
        yield (a.code, term.role, term.measure, *lags, term.averaging, exact_text(term.weight), *_years(term.years))


def _layer(layer: Layer) -> Cells:
    scale = Fraction(1, 100) if layer.unit == "eur" else Fraction(1)
    lower = exact_text(layer.lower * scale) if layer.lower else None
    upper = None if layer.upper is None else exact_text(layer.upper * scale)
    return (layer.basis, layer.side, layer.unit, lower, upper, exact_text(layer.share), layer.role, *_years(layer.years))


def _measure(value: MeasureValue) -> Cells:
    return (value.measure, value.municipality, value.category, value.year, exact_text(value.value))


def _ledger(lines: Iterable[CostLine]) -> Iterator[Cells]:
    for number, line in enumerate(lines, start=1):
        yield (f"L{number:04d}", line.service_date, line.municipality, line.category, line.client, None, euros(line.bedrag_cent))


def _history(history: History) -> dict[str, Table]:
    categories = any(kept.category for kept in history.kept)  # A column of ours, so it is only there when it says something.
    return {
        "input_mergers.csv": (_MERGER, [(m.date, m.predecessor, m.successor, exact_text(m.fraction)) for m in history.mergers]),
        "input_gaps.csv": (_GAP, [(gap.municipality, gap.measure, gap.year) for gap in sorted(history.gaps, key=astuple)]),
        "input_retained.csv": (
            (*_RETAINED, "category") if categories else _RETAINED,
            [_kept(kept, categories) for kept in history.kept],
        ),
        "input_reserve.csv": (_RESERVE, [(code, euros(cent)) for code, cent in history.reserve_cent.items()]),
    }


def _kept(kept: KeptAmount, categories: bool) -> Cells:
    cells = (kept.arrangement, kept.year, kept.municipality, euros(kept.bedrag_cent), kept.reason)
    return (*cells, kept.category) if categories else cells


def _advance(advance: AdvancePaid) -> Cells:
    return (
        advance.arrangement,
        advance.year,
        advance.municipality,
        advance.channel,
        advance.paid_on,
        euros(advance.bedrag_cent),
    )


def _years(years: Years) -> Cells:
    return (years.first, years.last)


def _optional(number: Fraction | None) -> str | None:
    return None if number is None else exact_text(number)

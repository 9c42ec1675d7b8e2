"""The files of section 2.14 as values: from a mapping of file name to text to the input of a settlement. Pure.

What comes back as text is in `csvresult`; which calculation a folder asks for is in `csvcalculation`; who reads and writes it is `folder`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, cast

from app.solidarity.agreement import (
    KEY,
    ONE,
    ZERO,
    Agreement,
    Arrangement,
    Averaging,
    Basis,
    Inleg,
    KeyTerm,
    Layer,
    Membership,
    NoClaim,
    PoolBy,
    Side,
    Unit,
    Years,
)
from app.solidarity.costs import CostLine, usage_cent
from app.solidarity.csvtable import Row, read_rows
from app.solidarity.errors import Bezwaar, RegelingOngeldig, not_supported, refuse
from app.solidarity.history import Gap, History, KeptAmount, Merger
from app.solidarity.measures import MeasureValue
from app.solidarity.payment import AdvancePaid

ALL = "*"
"""In input_members: a member of every arrangement."""

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "input_arrangements.csv": ("arrangement", "valid_from", "valid_to", "categories"),
    "input_members.csv": ("arrangement", "municipality", "from", "to"),
    "input_key.csv": ("arrangement", "role", "measure", "lag_from", "lag_to", "averaging", "weight"),
    "input_layers.csv": ("arrangement", "basis", "share"),
    "input_measures.csv": ("measure", "municipality", "year", "value"),
    "input_ledger.csv": ("service_date", "municipality", "category", "amount"),
    "input_usage.csv": ("service_date", "municipality", "category", "quantity", "tariff"),
    "input_mergers.csv": ("date", "predecessor", "successor", "fraction"),
    "input_gaps.csv": ("municipality", "measure", "year"),
    "input_retained.csv": ("arrangement", "year", "municipality", "amount"),
    "input_reserve.csv": ("arrangement", "opening"),
    "input_advances.csv": ("arrangement", "year", "municipality", "channel", "date", "amount"),
    "input_spread.csv": ("arrangement", "step", "fraction"),
}
"""Every file of a settlement and the columns it cannot do without; the others may be absent, which is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementInput:
    """Everything one settlement from files is made of."""

    agreement: Agreement
    lines: tuple[CostLine, ...]
    measures: tuple[MeasureValue, ...]
    history: History
    advances: tuple[AdvancePaid, ...] = ()


def read_inputs(files: Mapping[str, str], name: str = "regeling") -> SettlementInput:
    """Read the texts of a folder.

    Args:
        files: Text per file name; other names than those of section 2.14 are ignored unless they start with `input_`.
        name: Name of the agreement.
    Raises:
        NietOndersteund: An input file is unknown.
        RegelingOngeldig: With every wrong cell: file, row, column and what to change.
    """
    _refuse_other_inputs(files)
    reader = _Reader(files)
    arrangements = reader.arrangements()
    found = SettlementInput(
        agreement=Agreement(name=name, arrangements=arrangements),
        lines=(*map(_ledger_line, reader.rows("input_ledger.csv")), *map(_usage_line, reader.rows("input_usage.csv"))),
        measures=tuple(map(_measure, reader.rows("input_measures.csv"))),
        history=reader.history({arrangement.code for arrangement in arrangements}),
        advances=tuple(map(_advance, reader.rows("input_advances.csv"))),
    )
    if reader.bezwaren:
        raise RegelingOngeldig(reader.bezwaren)
    return found


AGREEMENT_FILES: Final = ("arrangements", "members", "key", "layers", "spread", "retained", "reserve")
"""What a document says instead when it comes with a folder."""


def read_facts(files: Mapping[str, str]) -> SettlementInput:
    """As `read_inputs` without the agreement: what happened, to be settled by a document (`Overeenkomst.settlement_input`)."""
    ours = {f"input_{name}.csv" for name in AGREEMENT_FILES}
    empty = f"{','.join(COLUMNS['input_arrangements.csv'])}\n"
    return read_inputs({**{file: text for file, text in files.items() if file not in ours}, "input_arrangements.csv": empty})


def _refuse_other_inputs(files: Mapping[str, str]) -> None:
    if "input_arrangements.csv" not in files:
        raise refuse("input_arrangements.csv", "dit bestand ontbreekt; zonder regeling is er geen verevening.")
    unknown = sorted(file for file in files if file.startswith("input_") and file not in COLUMNS)
    if unknown:
        raise not_supported(f"het bestand {unknown[0]} bij een verevening; laat het weg of verbeter de naam.")


class _Reader:
    """The files of one folder, with the objections found so far."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.bezwaren: list[Bezwaar] = []

    def rows(self, file: str) -> Iterator[Row]:
        """The rows of a file, none when it is absent."""
        if file in self.files:
            yield from read_rows(file, self.files[file], COLUMNS[file], self.bezwaren)

    def arrangements(self) -> tuple[Arrangement, ...]:
        """The arrangements with their members, keys, layers and steps."""
        plain = [_arrangement(row) for row in self.rows("input_arrangements.csv")]
        codes = {arrangement.code for arrangement in plain}
        members, keys = self._of(codes, "input_members.csv", ALL), self._of(codes, "input_key.csv")
        layers, steps = self._of(codes, "input_layers.csv"), self._of(codes, "input_spread.csv")
        return tuple(
            replace(
                arrangement,
                members=tuple(map(_membership, members[arrangement.code])),
                key_terms=tuple(map(_key_term, keys[arrangement.code])),
                layers=tuple(map(_layer, layers[arrangement.code])),
                spread=tuple(_steps(steps[arrangement.code])),
            )
            for arrangement in plain
        )

    def history(self, codes: set[str]) -> History:
        """Mergers, gaps, kept amounts and opening reserves."""
        reserve: dict[str, int] = {}
        for code, rows in self._of(codes, "input_reserve.csv").items():
            for row in rows:
                if code in reserve:
                    row.object_to("arrangement", f"de reserve van {code} staat er twee keer; laat één beginstand staan.")
                reserve[code] = row.cents("opening")
        return History(
            mergers=tuple(map(_merger, self.rows("input_mergers.csv"))),
            gaps=frozenset(map(_gap, self.rows("input_gaps.csv"))),
            kept=tuple(map(_kept_amount, self.rows("input_retained.csv"))),
            reserve_cent=reserve,
        )

    def _of(self, codes: set[str], file: str, everyone: str | None = None) -> dict[str, list[Row]]:
        """The rows of a file per arrangement; a code that is no arrangement is an objection."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(file):
            code = row.text("arrangement")
            if code and code != everyone and code not in codes:
                row.object_to("arrangement", f"'{code}' staat niet in input_arrangements.csv; voeg die regeling toe of verbeter de code.")
            for target in codes if code == everyone else {code}:
                found[target].append(row)
        return found


def _arrangement(row: Row) -> Arrangement:
    return Arrangement(
        code=row.text("arrangement"),
        since=row.day("valid_from"),
        until=row.day("valid_to"),
        categories=tuple(category.strip() for category in row.text("categories").split("|")),
        members=(),
        pool_by=cast(PoolBy, row.choice("pool_by", ("arrangement", "category"), "arrangement")),
        inleg=cast(Inleg, row.choice("inleg", ("none", "budget", "premium", "history"), "none")),
        budget_measure=row.optional("budget_measure"),
        local_share=row.optional_number("local_share") or ZERO,
        reserve=row.choice("rest", ("key", "reserve"), "key") == "reserve",
        no_claim=_no_claim(row),
        cap=row.optional_number("cap_pct"),
        fallback_measure=row.optional("fallback_measure"),
    )


def _no_claim(row: Row) -> NoClaim | None:
    if row.optional("no_claim_type") in (None, "none"):
        for column in ("no_claim_threshold", "no_claim_rate", "no_claim_paid_by"):
            if row.optional(column):
                row.object_to(column, "zonder no_claim_type heeft dit geen betekenis; vul het type in of laat deze cel leeg.")
        return None
    return NoClaim(
        kind="gap" if row.choice("no_claim_type", ("gap", "flat")) == "gap" else "flat",
        threshold=row.number_of("no_claim_threshold"),
        rate=row.number_of("no_claim_rate"),
        paid_by="all" if row.choice("no_claim_paid_by", ("all", "claimers")) == "all" else "claimers",
    )


def _membership(row: Row) -> Membership:
    return Membership(municipality=row.text("municipality"), since=row.optional_day("from"), until=row.optional_day("to"))


def _years(row: Row) -> Years:
    return Years(first=row.optional_integer("year_from"), last=row.optional_integer("year_to"))


def _key_term(row: Row) -> KeyTerm:
    return KeyTerm(
        role=row.optional("role") or KEY,
        measure=row.text("measure"),
        lag_from=row.optional_integer("lag_from") or 0,
        lag_to=row.optional_integer("lag_to") or 0,
        averaging=cast(Averaging, row.choice("averaging", ("sum", "mean_share"), "sum")),
        weight=row.number_of("weight", ONE),
        years=_years(row),
    )


def _layer(row: Row) -> Layer:
    unit = cast(Unit, row.choice("unit", ("pct", "eur"), "eur"))
    scale = 100 if unit == "eur" else 1
    upper = row.optional_number("upper")
    return Layer(
        basis=cast(Basis, row.choice("basis", ("client", "deviation", "cost"))),
        side=cast(Side, row.choice("side", ("over", "under", "both"))) if row.optional("side") else None,
        unit=unit,
        lower=scale * (row.optional_number("lower") or ZERO),
        upper=None if upper is None else scale * upper,
        share=row.number_of("share"),
        role=row.optional("role") or KEY,
        years=_years(row),
    )


def _steps(rows: list[Row]) -> Iterator[Fraction]:
    """The fractions in the order of their steps, which count from 1 without holes."""
    ordered = sorted(rows, key=lambda row: row.integer("step"))
    for expected, row in enumerate(ordered, start=1):
        if row.integer("step") != expected:
            row.object_to("step", f"stap {expected} ontbreekt of staat er twee keer; nummer de stappen vanaf 1.")
        yield row.number_of("fraction")


def _ledger_line(row: Row) -> CostLine:
    return _cost_line(row, row.cents("amount"))


def _usage_line(row: Row) -> CostLine:
    return _cost_line(row, usage_cent(row.number_of("quantity"), row.number_of("tariff")))


def _cost_line(row: Row, cent: int) -> CostLine:
    return CostLine(
        municipality=row.text("municipality"),
        category=row.text("category"),
        service_date=row.day("service_date"),
        bedrag_cent=cent,
        client=row.optional("client"),
    )


def _measure(row: Row) -> MeasureValue:
    return MeasureValue(
        measure=row.text("measure"),
        municipality=row.text("municipality"),
        category=row.optional("category"),
        year=row.year("year"),
        value=row.number_of("value"),
    )


def _merger(row: Row) -> Merger:
    return Merger(
        date=row.day("date"),
        predecessor=row.text("predecessor"),
        successor=row.text("successor"),
        fraction=row.number_of("fraction"),
    )


def _gap(row: Row) -> Gap:
    return Gap(municipality=row.text("municipality"), measure=row.text("measure"), year=row.year("year"))


def _kept_amount(row: Row) -> KeptAmount:
    return KeptAmount(
        arrangement=row.text("arrangement"),
        year=row.year("year"),
        municipality=row.text("municipality"),
        bedrag_cent=row.cents("amount"),
        reason=row.optional("reason") or "",
        category=row.optional("category"),
    )


def _advance(row: Row) -> AdvancePaid:
    return AdvancePaid(
        arrangement=row.text("arrangement"),
        year=row.year("year"),
        municipality=row.text("municipality"),
        channel=row.text("channel"),
        paid_on=row.day("date"),
        bedrag_cent=row.cents("amount"),
    )

"""Agreements by name, for a region that wants to see what a model would mean before it writes a document.

`profijt`, `waarborg[:MAATSTAF]`, `vlaktaks[:JAREN]` (omslag), `uitstel[:JAREN]` (with a reserve), `quotum:DEEL[:MAATSTAF]` and
`stoploss:EURO[:MAATSTAF]`; the last two share a part of all cost, or of each client what is above an amount. Without a measure the key is
the share in the expected cost of each gemeente, as in the closed forms of section 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from app.solidarity.agreement import COST, PREMIUM, Agreement, Arrangement, KeyTerm, Layer, Membership
from app.solidarity.errors import RegelingOngeldig, refuse
from app.solidarity.measures import MeasureValue
from app.solidarity.risico.drawing import Method, expected_cent
from app.solidarity.risico.past import Past
from app.solidarity.tomltable import nearest

EXPECTED = "verwachte_kosten"
"""Measure made here: the expected cost of each gemeente, which is the key of a model that names no other."""
NAMES = ("profijt", "waarborg", "vlaktaks", "uitstel", "quotum", "stoploss")
YEARS_DEFAULT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Whom and what a named model covers."""

    gemeenten: Sequence[str]
    categories: Sequence[str]
    jaar: int


def is_name(text: str) -> bool:
    """Whether this names a model rather than a document."""
    return text.split(":", 1)[0] in NAMES


def named_agreement(text: str, region: Region) -> Agreement:
    """The agreement of a name such as `waarborg:jeugdigen`; one pool for everything, in the one year.

    Raises:
        RegelingOngeldig: The name or what follows it is not understood.
    """
    name, *rest = text.split(":")
    plain = Arrangement(
        code=re.sub(r"[^A-Z0-9]+", "-", text.upper()),
        since=date(region.jaar, 1, 1),
        until=date(region.jaar + 1, 1, 1),
        categories=tuple(region.categories),
        members=tuple(Membership(municipality=code) for code in region.gemeenten),
    )
    match name, rest:
        case "profijt", []:
            made = replace(plain, layers=(Layer(basis="cost", share=Fraction(0)),))
        case "waarborg", [] | [_]:
            made = replace(plain, key_terms=_key(rest))
        case "vlaktaks", [] | [_]:
            made = replace(plain, key_terms=(KeyTerm(measure=COST, lag_from=1, lag_to=_years(text, rest)),))
        case "uitstel", [] | [_]:
            premium = KeyTerm(role=PREMIUM, measure=COST, lag_from=1, lag_to=_years(text, rest))
            made = replace(plain, inleg="history", reserve=True, key_terms=(KeyTerm(measure=COST), premium))
        case "quotum", [share] | [share, _]:
            layer = Layer(basis="cost", share=_number(text, share, most=Fraction(1)))
            made = replace(plain, layers=(layer,), key_terms=_key(rest[1:]))
        case "stoploss", [euros] | [euros, _]:
            layer = Layer(basis="client", lower=100 * _number(text, euros))
            made = replace(plain, layers=(layer,), key_terms=_key(rest[1:]))
        case _:
            raise _not_understood(text)
    return Agreement(name=text, arrangements=(made,))


def expected_values(past: Past, methode: Method, jaar: int) -> list[MeasureValue]:
    """The expected cost of each gemeente as the measure `EXPECTED`, in euros; never below zero."""
    amounts = expected_cent(past, methode)
    return [
        MeasureValue(measure=EXPECTED, municipality=code, year=jaar, value=max(Fraction(0), Fraction(float(amount)) / 100))
        for code, amount in zip(past.codes, amounts, strict=True)
    ]


def _key(measure: Iterable[str]) -> tuple[KeyTerm, ...]:
    return (KeyTerm(measure=next(iter(measure), EXPECTED)),)


def _years(text: str, rest: Sequence[str]) -> int:
    if not rest:
        return YEARS_DEFAULT
    if not re.fullmatch(r"[1-9]\d?", rest[0]):
        raise _not_understood(text)
    return int(rest[0])


def _number(text: str, written: str, most: Fraction | None = None) -> Fraction:
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?|\d{1,6}/[1-9]\d{0,5}", written):
        raise _not_understood(text)
    value = Fraction(written)
    if most is not None and value > most:
        raise _not_understood(text)
    return value


def _not_understood(text: str) -> RegelingOngeldig:
    name = text.split(":", 1)[0]
    hint = nearest(name, NAMES) if name not in NAMES else ""
    return refuse(
        f"overeenkomst {text}",
        f"dit model wordt niet herkend{hint}; schrijf profijt, waarborg[:MAATSTAF], vlaktaks[:JAREN], uitstel[:JAREN], quotum:DEEL[:MAATSTAF]"
        " (deel van 0 tot en met 1), stoploss:EURO[:MAATSTAF], of het pad van een document.",
    )

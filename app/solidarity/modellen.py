"""Models by name for a region that has no document yet: `profijt`, `waarborg[:MAATSTAF]`, `vlaktaks[:JAREN]`, `quotum:DEEL[:MAATSTAF]` and
`stoploss:EURO[:MAATSTAF]`, each with one pool per zorgvorm, as the document that the region would lay down. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.periode import half_open
from app.solidarity.agreement import Agreement, KeyTerm, Layer, Membership
from app.solidarity.csvform import SettlementInput
from app.solidarity.document import Overeenkomst, document_of
from app.solidarity.errors import RegelingOngeldig, refuse
from app.solidarity.history import History
from app.solidarity.runinvoer import Lid
from app.solidarity.templates import profijt, vlaktaks_omslag, waarborg
from app.solidarity.tomltable import nearest

NAMEN: Final = ("profijt", "waarborg", "vlaktaks", "quotum", "stoploss")
MAATSTAF: Final = "inwoners"
"""The measure of a key when the name says none."""
JAREN_TERUG: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebied:
    """Whom and what a model covers: gemeenten with the days on which they exist, zorgvormen, calendar years."""

    leden: Sequence[Lid]
    zorgvormen: Sequence[str]
    jaren: range


def is_model(text: str) -> bool:
    """Whether this names a model rather than a template or a document."""
    return text.split(":", 1)[0] in NAMEN


def model_document(text: str, gebied: Gebied, naam: str | None = None) -> Overeenkomst:
    """The document of a model such as `waarborg:jeugdigen`; `naam` is what it is called, else the text itself.

    Raises:
        RegelingOngeldig: The name or what follows it is not understood, or there is nobody or nothing to settle.
    """
    if not gebied.leden or not gebied.zorgvormen:
        raise refuse(f"model {text}", "de regio heeft in deze jaren geen gemeenten of geen zorgvormen; laad eerst de regiomap.")
    agreement = replace(_with_periods(_agreement(text, gebied), gebied), name=naam or text)
    given = SettlementInput(agreement=agreement, lines=(), measures=(), history=History())
    return document_of(given, region="regio", version="model")


def _agreement(text: str, gebied: Gebied) -> Agreement:
    name, *rest = text.split(":")
    codes = sorted({lid.code for lid in gebied.leden})
    zorgvormen, jaren = gebied.zorgvormen, gebied.jaren
    match name, rest:
        case "profijt", []:
            return profijt(zorgvormen, codes, jaren)
        case "waarborg", [] | [_]:
            return waarborg(zorgvormen, codes, jaren, measure=_maatstaf(text, rest))
        case "vlaktaks", [] | [_]:
            return vlaktaks_omslag(zorgvormen, codes, jaren, n_jaren=_jaren(text, rest), fallback_measure=MAATSTAF)
        case "vlaktaks", [_, maatstaf]:
            return vlaktaks_omslag(zorgvormen, codes, jaren, n_jaren=_jaren(text, rest), fallback_measure=_maatstaf(text, [maatstaf]))
        case "quotum", [share] | [share, _]:
            layer = Layer(basis="cost", share=_number(text, share, most=Fraction(1)))
            return _with_layer("QUOTUM", layer, KeyTerm(measure=_maatstaf(text, rest[1:])), zorgvormen, codes, jaren)
        case "stoploss", [euros] | [euros, _]:
            layer = Layer(basis="client", lower=100 * _number(text, euros))
            return _with_layer("STOPLOSS", layer, KeyTerm(measure=_maatstaf(text, rest[1:])), zorgvormen, codes, jaren)
    raise _not_understood(text)


def _with_layer(code: str, layer: Layer, term: KeyTerm, zorgvormen: Iterable[str], codes: Iterable[str], jaren: range) -> Agreement:
    plain = waarborg(zorgvormen, codes, jaren, code=code)
    return replace(plain, arrangements=tuple(replace(each, layers=(layer,), key_terms=(term,)) for each in plain.arrangements))


def _with_periods(agreement: Agreement, gebied: Gebied) -> Agreement:
    members = memberships(gebied, [lid.code for lid in gebied.leden])
    return replace(agreement, arrangements=tuple(replace(each, members=members) for each in agreement.arrangements))


def memberships(gebied: Gebied, codes: Collection[str]) -> tuple[Membership, ...]:
    """These gemeenten as members, only as long as they exist; who exists in all years is a member without dates."""
    first, after = date(gebied.jaren.start, 1, 1), date(gebied.jaren.stop, 1, 1)

    def membership(lid: Lid) -> Membership:
        since, until = half_open(lid.geldig_van, lid.geldig_tot)
        return Membership(
            municipality=lid.code,
            since=since if since > first else None,
            until=until if until is not None and until < after else None,
        )

    return tuple(membership(lid) for lid in gebied.leden if lid.code in codes)


def _maatstaf(text: str, rest: Sequence[str]) -> str:
    if rest and not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", rest[0]):
        raise _not_understood(text)
    return rest[0] if rest else MAATSTAF


def _jaren(text: str, rest: Sequence[str]) -> int:
    if rest and not re.fullmatch(r"[1-9]\d?", rest[0]):
        raise _not_understood(text)
    return int(rest[0]) if rest else JAREN_TERUG


def _number(text: str, written: str, most: Fraction | None = None) -> Fraction:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?|\d{1,6}/[1-9]\d{0,5}", written, re.ASCII):
        raise _not_understood(text)
    value = Fraction(written)
    if most is not None and value > most:
        raise _not_understood(text)
    return value


def _not_understood(text: str) -> RegelingOngeldig:
    name = text.split(":", 1)[0]
    hint = nearest(name, NAMEN) if name not in NAMEN else ""
    return refuse(
        f"model {text}",
        f"dit model wordt niet herkend{hint}; schrijf profijt, waarborg[:MAATSTAF], vlaktaks[:JAREN[:MAATSTAF]],"
        " quotum:DEEL[:MAATSTAF] (deel van 0 tot en met 1) of stoploss:EURO[:MAATSTAF].",
    )

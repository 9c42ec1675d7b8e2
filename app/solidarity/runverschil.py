"""Why a later run of a year differs from an earlier one, per gemeente and to the cent. Pure.

The inputs of the earlier run are replaced by those of the later one, one after the other, always in this order: the way of computing (a newer
version of the product), the cost of each zorgvorm by name, each measure by name, the region (mergers, gemeenten), and last the agreement. After each
replacement the year is settled again; what then changes is the contribution of that input. So the contributions add up to the difference. In another
order single contributions may be other ones, for one input can strengthen another; that is why the order never changes.

Where a half-replaced input cannot be settled (the old agreement asks a measure that is gone), that input is taken together with the next.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain.bedrag import euro
from app.domain.errors import NietOndersteund
from app.solidarity.costs import MonthCost
from app.solidarity.document import Overeenkomst
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.measures import MeasureValue
from app.solidarity.runinvoer import Invoer
from app.solidarity.runuitkomst import bereken

WIJZIGINGEN_MAX = 60
"""Changed fields of an agreement that are named; a document that was written anew has hundreds."""

REKENWIJZE = "rekenwijze"
Bedragen = Mapping[str, int]
"""Cents per gemeente."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reden:
    """What one changed input adds to the difference; `per_gemeente` in cents, zeros left out."""

    wat: str
    toelichting: tuple[str, ...]
    per_gemeente: Bedragen


@dataclass(frozen=True, slots=True, kw_only=True)
class Verschil:
    """Old, new and why; `oud` and `nieuw` are what each gemeente pays (receives: minus)."""

    oud: Bedragen
    nieuw: Bedragen
    redenen: tuple[Reden, ...]

    @property
    def per_gemeente(self) -> dict[str, int]:
        """New minus old of everybody in either."""
        return {code: self.nieuw.get(code, 0) - self.oud.get(code, 0) for code in sorted(self.oud.keys() | self.nieuw.keys())}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stap:
    """One replacement: what it is called, what changed in it, and how it changes the input."""

    wat: str
    toelichting: tuple[str, ...]
    vervang: Callable[[Invoer], Invoer]


def verklaar(oud: Invoer, oud_te_boeken: Bedragen, nieuw: Invoer, nieuw_te_boeken: Bedragen) -> Verschil:
    """The difference between two runs of one year, with the contribution of every input that changed.

    Args:
        oud, nieuw: The inputs.
        oud_te_boeken, nieuw_te_boeken: What was stored as outcome, in cents per gemeente.
    Raises:
        ValueError: The runs are of two years.
    """
    if oud.jaar != nieuw.jaar:
        raise ValueError(f"runs of {oud.jaar} and {nieuw.jaar} cannot be compared")
    redenen: list[Reden] = []
    state, before = oud, oud_te_boeken
    waiting: list[_Stap] = []
    for stap in (_Stap(wat=REKENWIJZE, toelichting=_code_changed(oud, nieuw), vervang=lambda invoer: invoer), *_stappen(oud, nieuw)):
        state = stap.vervang(state)
        waiting.append(stap)
        try:
            after = bereken(state).te_boeken
        except (RegelingOngeldig, NietOndersteund):
            continue  # Half old and half new cannot be settled: this input counts together with the next one.
        redenen += _reden(waiting, before, after)
        before, waiting = after, []
    # What is left would be the later run computing otherwise than it was stored: never hidden, so it is a reason of its own.
    redenen += _reden([*waiting, _Stap(wat="opgeslagen uitkomst", toelichting=(), vervang=lambda invoer: invoer)], before, nieuw_te_boeken)
    return Verschil(oud=oud_te_boeken, nieuw=nieuw_te_boeken, redenen=tuple(redenen))


def _reden(stappen: list[_Stap], before: Bedragen, after: Bedragen) -> list[Reden]:
    """The reason of one or more replacements; none when the only one is that nothing of the input changed and no cent did."""
    changes = {code: after.get(code, 0) - before.get(code, 0) for code in sorted(before.keys() | after.keys())}
    changes = {code: cents for code, cents in changes.items() if cents}
    of_input = [stap for stap in stappen if stap.toelichting]
    if not changes and not any(stap.wat != REKENWIJZE for stap in of_input):
        return []  # A newer version that computes the same is no reason.
    named = of_input or stappen
    return [
        Reden(
            wat=" en ".join(stap.wat for stap in named),
            toelichting=tuple(line for stap in named for line in stap.toelichting),
            per_gemeente=changes,
        )
    ]


def _stappen(oud: Invoer, nieuw: Invoer) -> Iterator[_Stap]:
    """Every input that differs, in the order in which they are replaced."""
    for zorgvorm in sorted({month.zorgvorm for month in (*oud.kosten, *nieuw.kosten)}):
        if _kosten(oud, zorgvorm) != _kosten(nieuw, zorgvorm) or _clienten_differ(oud, nieuw, zorgvorm):
            yield _Stap(
                wat=f"kosten van {zorgvorm}", toelichting=tuple(_cost_lines(oud, nieuw, zorgvorm)), vervang=_with_costs(nieuw, zorgvorm)
            )
    for measure in sorted({value.measure for value in (*oud.maatstaven, *nieuw.maatstaven)}):
        if lines := tuple(_measure_lines(oud, nieuw, measure)):
            yield _Stap(wat=f"maatstaf {measure}", toelichting=lines, vervang=_with_measure(nieuw, measure))
    if lines := tuple(_region_lines(oud, nieuw)):
        yield _Stap(
            wat="de regio",
            toelichting=lines,
            vervang=lambda invoer: replace(invoer, herindelingen=nieuw.herindelingen, leden=nieuw.leden, rekendag=nieuw.rekendag),
        )
    if lines := tuple(_agreement_lines(oud, nieuw)):
        # With the agreement goes whether cost per client was read at all.
        yield _Stap(
            wat="de overeenkomst",
            toelichting=lines,
            vervang=lambda invoer: replace(invoer, tekst=nieuw.tekst, clienten=nieuw.clienten, kosten=nieuw.kosten),
        )


def _kosten(invoer: Invoer, zorgvorm: str) -> list[MonthCost]:
    return [month for month in invoer.kosten if month.zorgvorm == zorgvorm]


def _clienten_differ(oud: Invoer, nieuw: Invoer, zorgvorm: str) -> bool:
    if oud.clienten is None or nieuw.clienten is None:
        return False
    return [each for each in oud.clienten if each.zorgvorm == zorgvorm] != [each for each in nieuw.clienten if each.zorgvorm == zorgvorm]


def _with_costs(nieuw: Invoer, zorgvorm: str) -> Callable[[Invoer], Invoer]:
    def change(invoer: Invoer) -> Invoer:
        kosten = (*(month for month in invoer.kosten if month.zorgvorm != zorgvorm), *_kosten(nieuw, zorgvorm))
        if invoer.clienten is None or nieuw.clienten is None:
            return replace(invoer, kosten=kosten)
        others = (each for each in invoer.clienten if each.zorgvorm != zorgvorm)
        return replace(invoer, kosten=kosten, clienten=(*others, *(each for each in nieuw.clienten if each.zorgvorm == zorgvorm)))

    return change


def _with_measure(nieuw: Invoer, measure: str) -> Callable[[Invoer], Invoer]:
    def change(invoer: Invoer) -> Invoer:
        others = (value for value in invoer.maatstaven if value.measure != measure)
        return replace(invoer, maatstaven=(*others, *(value for value in nieuw.maatstaven if value.measure == measure)))

    return change


def _code_changed(oud: Invoer, nieuw: Invoer) -> tuple[str, ...]:
    return () if oud.code == nieuw.code else (f"van versie {oud.code} naar {nieuw.code}",)


def _cost_lines(oud: Invoer, nieuw: Invoer, zorgvorm: str) -> Iterator[str]:
    """Old and new cost per gemeente and year, where they differ."""
    before, after = (_per_year(invoer, zorgvorm) for invoer in (oud, nieuw))
    changed = [cell for cell in sorted(before.keys() | after.keys()) if before.get(cell, 0) != after.get(cell, 0)]
    for code, year in changed:
        yield f"{code}, {year}: van {euro(before.get((code, year), 0))} naar {euro(after.get((code, year), 0))}"
    if not changed:
        yield "tussen maanden of cliënten verschoven, per gemeente en jaar gelijk"


def _per_year(invoer: Invoer, zorgvorm: str) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for month in _kosten(invoer, zorgvorm):
        cell = (month.gemeente, month.zorgmaand.year)
        found[cell] = found.get(cell, 0) + month.bedrag_cent
    return found


def _measure_lines(oud: Invoer, nieuw: Invoer, measure: str) -> Iterator[str]:
    def values(invoer: Invoer) -> dict[tuple[str, int, str], MeasureValue]:
        return {(v.municipality, v.year, v.category or ""): v for v in invoer.maatstaven if v.measure == measure}

    before, after = values(oud), values(nieuw)
    for cell in sorted(before.keys() | after.keys()):
        if before.get(cell) != after.get(cell):
            code, year, category = cell
            was, now = (str(found[cell].value) if cell in found else "geen waarde" for found in (before, after))
            yield f"{code}, {year}{f', {category}' if category else ''}: van {was} naar {now}"


def _region_lines(oud: Invoer, nieuw: Invoer) -> Iterator[str]:
    for merger in sorted({*oud.herindelingen} ^ {*nieuw.herindelingen}, key=lambda each: (each.date, each.predecessor, each.successor)):
        verb = "erbij" if merger in nieuw.herindelingen else "vervallen"
        yield f"herindeling {merger.predecessor} naar {merger.successor} per {merger.date}: {verb}"
    for lid in sorted({*oud.leden} ^ {*nieuw.leden}, key=lambda each: (each.code, each.geldig_van)):
        yield f"gemeente {lid.code} van {lid.geldig_van} tot {lid.geldig_tot or 'open'}: {'erbij' if lid in nieuw.leden else 'vervallen'}"
    if passed := [each for each in nieuw.herindelingen if oud.rekendag < each.date <= nieuw.rekendag and each in oud.herindelingen]:
        yield f"intussen ingegaan: {', '.join(f'{each.predecessor} naar {each.successor}' for each in passed)}"


def _agreement_lines(oud: Invoer, nieuw: Invoer) -> Iterator[str]:
    """The fields of the document that differ, each with its article."""
    if oud.tekst == nieuw.tekst:
        return
    before, after = (dict(_flat(tomllib.loads(invoer.tekst))) for invoer in (oud, nieuw))
    changed = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    documents = oud.overeenkomst, nieuw.overeenkomst
    for path in changed[:WIJZIGINGEN_MAX]:
        yield f"{path}: {_said(before.get(path))} wordt {_said(after.get(path))}{_article(path, *documents)}"
    if len(changed) > WIJZIGINGEN_MAX:
        yield f"en {len(changed) - WIJZIGINGEN_MAX} andere velden"
    if not changed:
        yield "alleen de opmaak van het document"


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf of a document by its path, such as `regeling[1].lokaal_deel`."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _flat(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _flat(item, f"{path}[{number}]")
    else:
        yield path, str(value)


def _said(value: str | None) -> str:
    return "niets" if value is None else value


def _article(path: str, oud: Overeenkomst, nieuw: Overeenkomst) -> str:
    article = nieuw.article(path) or oud.article(path)
    return f" ({article})" if article else ""

"""What only a document can get wrong: names it does not introduce, and values it leaves out (docs/agreements.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.solidarity.agreement import COST, KEY, PREMIUM, REST, Arrangement
from app.solidarity.agreementcheck import YEARS_MAX
from app.solidarity.deposit import PREMIUM_TOTAL
from app.solidarity.document import Overeenkomst
from app.solidarity.errors import Bezwaar
from app.solidarity.measures import REGION
from app.solidarity.segments import pools
from app.solidarity.tomltable import nearest
from app.solidarity.words import ROLES, DocumentNaming

Found = Iterator[tuple[str, str]]
"""Path and sentence."""


def name_objections(document: Overeenkomst, naming: DocumentNaming) -> list[Bezwaar]:
    """Names that the document does not introduce: measures always, municipalities and zorgvormen when it lists them."""
    found: list[tuple[str, str]] = []
    for index, arrangement in enumerate(document.agreement.arrangements):
        path = f"regeling[{index + 1}]"
        members = "leden" if index in naming.shared else f"{path}.leden"
        for number, member in enumerate(arrangement.members, start=1):
            found += _unknown(f"{members}[{number}]", member.municipality, document.municipalities, "gemeente", "gemeenten")
        for number, category in enumerate(arrangement.categories, start=1):
            found += _unknown(f"{path}.zorgvormen[{number}]", category, document.categories, "zorgvorm", "zorgvormen")
        found += [*_measure_names(path, arrangement, document.measures), *_role_names(path, arrangement)]
    for path, name in [*_valued(document), *_changed(document)]:
        if name != REGION:
            found += _unknown(path, name, document.municipalities, "gemeente", "gemeenten")
    return [Bezwaar(waar=f"{naming.file}, {path}", zin=zin) for path, zin in dict.fromkeys(found)]


def value_objections(document: Overeenkomst, naming: DocumentNaming) -> list[Bezwaar]:
    """Values that a measure misses in a year, of the measures that the document itself gives values for."""
    if any(len(arrangement.years) > YEARS_MAX for arrangement in document.agreement.arrangements):
        return []
    return [
        Bezwaar(
            waar=f"{naming.file}, maatstaven.{measure}.waarden.{year}",
            zin=f"{measure} heeft in {year} geen waarde voor {', '.join(names)}; vul haar in, desnoods 0, of noem een leemte.",
        )
        for (measure, year), names in missing_values(document).items()
    ]


def missing_values(document: Overeenkomst) -> dict[tuple[str, int], list[str]]:
    """Members without a value per measure and year; those of a merger are left to the calculator, which sees predecessors."""
    given = {(value.measure, value.municipality, value.category, value.year) for value in document.values}
    own = {value.measure for value in document.values}
    merging = {name for merger in document.history.mergers for name in (merger.predecessor, merger.successor)}
    gaps = {(gap.measure, gap.municipality, gap.year) for gap in document.history.gaps}
    missing: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
    inside = [a for a in document.agreement.arrangements if document.since <= a.since and a.until <= document.until]
    for pool in (pool for arrangement in inside for pool in pools(arrangement)):
        categories = (None, *(pool.categories if len(pool.categories) == 1 else ()))
        for measure, year in _needed(pool.arrangement, pool.year):
            if measure not in own or (measure == PREMIUM and (PREMIUM_TOTAL, REGION, None, year) in given):
                continue
            for name in pool.members:
                known = any((measure, name, category, year) in given for category in categories)
                known = known or bool(document.municipalities and name not in document.municipalities)  # Refused by itself already.
                if not known and name not in merging and (measure, name, year) not in gaps:
                    missing[measure, year][name] = None
    return {cell: list(names) for cell, names in missing.items()}


def _needed(arrangement: Arrangement, year: int) -> list[tuple[str, int]]:
    """The measures and years that a year of an arrangement certainly asks for."""
    roles = arrangement.roles_used(year) | ({PREMIUM} if arrangement.inleg == "history" else set())
    needed = [
        (term.measure, year - lag) for role in sorted(roles) for term in arrangement.terms(role, year) for lag in term.lags if lag >= 0
    ]
    deviation = any(layer.basis == "deviation" for layer in arrangement.layers_in(year))
    if arrangement.budget_measure and (arrangement.inleg == "budget" or arrangement.cap is not None or deviation):
        needed.append((arrangement.budget_measure, year))
    if arrangement.inleg == "premium":
        needed.append((PREMIUM, year))
    return [(measure, of_year) for measure, of_year in dict.fromkeys(needed) if measure != COST]


def _unknown(path: str, name: str, known: Mapping[str, str], kind: str, table: str) -> Found:
    """Not in a table of the document; an empty table leaves the names to the region."""
    if known and name and name not in known:
        yield path, f"{kind} '{name}' staat niet onder [{table}]{nearest(name, known)}; voeg toe of verbeter de naam."


def _measure_names(path: str, arrangement: Arrangement, measures: Mapping[str, str]) -> Found:
    named = [(f"{path}.sleutel[{number}].maatstaf", term.measure) for number, term in enumerate(arrangement.key_terms, start=1)]
    named += [(f"{path}.budgetmaatstaf", arrangement.budget_measure or COST)]
    named += [(f"{path}.terugvalmaatstaf", arrangement.fallback_measure or COST)]
    for place, name in named:
        if name and name != COST and name not in measures:
            yield place, f"maatstaf '{name}' staat niet onder [maatstaven]{nearest(name, measures)}; voeg toe of verbeter de naam."
    if arrangement.inleg == "premium" and not {PREMIUM, PREMIUM_TOTAL} & measures.keys():
        zin = f"een premie vraagt de maatstaf {PREMIUM} (per gemeente) of {PREMIUM_TOTAL} (van de regio); zet die onder [maatstaven]."
        yield f"{path}.inleg", zin


def _role_names(path: str, arrangement: Arrangement) -> Found:
    """A role of one's own that no layer names decides nothing: most likely it is misspelt."""
    used = {layer.role for layer in arrangement.layers} | {KEY, REST, PREMIUM}
    for number, term in enumerate(arrangement.key_terms, start=1):
        if term.role not in used:
            close = nearest(term.role, [*ROLES, *sorted(used - {KEY, REST, PREMIUM})])
            zin = f"geen laag gebruikt de sleutel '{term.role}'{close}; noem hem bij een laag of verbeter de rol."
            yield f"{path}.sleutel[{number}].rol", zin


def _valued(document: Overeenkomst) -> Iterator[tuple[str, str]]:
    """Path and municipality of every value."""
    for value in document.values:
        part = f"per_zorgvorm.{value.category}" if value.category else "waarden"
        yield f"maatstaven.{value.measure}.{part}.{value.year}.{value.municipality}", value.municipality


def _changed(document: Overeenkomst) -> Iterator[tuple[str, str]]:
    """Path and municipality of every change."""
    counted: dict[str, int] = defaultdict(int)
    for change in document.changes:
        counted[change.measure] += 1
        yield f"maatstaven.{change.measure}.wijziging[{counted[change.measure]}].gemeente", change.municipality

"""Whether an agreement makes sense before anything is computed: every objection, each with its place and a remedy.

What happened next to it is checked in `validation`; what a pool finds only while computing (a missing value, cost above all
plafonds) is refused there. The checks name fields by a `Naming`, so that CSV and document get the same checks in their own words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from app.solidarity.agreement import PREMIUM, Agreement, Arrangement, Layer, Membership
from app.solidarity.errors import Bezwaar
from app.solidarity.naming import Naming, Spot

YEARS_MAX = 100
"""Longest arrangement that is computed; a year such as 9999 is a way of writing 'open' that we do not guess at."""

CSV_NAMES = Naming()

Objections = Iterator[tuple[Spot, str]]
"""Part of the arrangement, and the sentence."""


def agreement_objections(agreement: Agreement, naming: Naming = CSV_NAMES) -> list[Bezwaar]:
    """Everything that is wrong with the agreement by itself."""
    checks: tuple[Callable[[Arrangement, Naming], Objections], ...] = (
        _code, _period, _categories, _members, _money, _no_claim, _key_terms, _key_weights, _layers, _spread,
    )  # fmt: skip
    bezwaren = [
        Bezwaar(waar=naming.place(number, arrangement, spot), zin=sentence)
        for number, arrangement in enumerate(agreement.arrangements)
        for check in checks
        for spot, sentence in check(arrangement, naming)
    ]
    return [*bezwaren, *_same_codes(agreement, naming), *_overlaps(agreement, naming)]


def _code(arrangement: Arrangement, names: Naming) -> Objections:
    if not arrangement.code.strip():
        yield Spot(label="code", column="arrangement"), "de regeling heeft geen code; geef haar een korte naam."


def _period(arrangement: Arrangement, names: Naming) -> Objections:
    spot = Spot(label="geldigheid", column="valid_to")
    until = names.end(arrangement.until)
    if arrangement.since >= arrangement.until:
        yield spot, f"{names.field('valid_to')} {until} moet na {names.field('valid_from')} {arrangement.since} liggen."
    elif len(arrangement.years) > YEARS_MAX:
        yield spot, f"een regeling loopt hoogstens {YEARS_MAX} jaar; kies een eerdere {names.field('valid_to')} dan {until}."


def _categories(arrangement: Arrangement, names: Naming) -> Objections:
    categories = arrangement.categories
    spot = Spot(label="categories", column="categories")
    if not categories or "" in categories:
        yield spot, "noem minstens één zorgvorm en laat geen naam leeg."
    if len(set(categories)) < len(categories):
        yield spot, "een zorgvorm staat er vaker in; noem elke zorgvorm één keer."


def _members(arrangement: Arrangement, names: Naming) -> Objections:
    if not arrangement.members:
        yield Spot(label="leden", column="members"), "de regeling heeft geen leden; voeg minstens één gemeente toe."
    for index, member in enumerate(arrangement.members):
        spot = Spot(label=f"lid {member.municipality}", column="members", index=index, field="to")
        if member.since and member.until and member.since >= member.until:
            yield spot, f"{names.field('to')} {names.end(member.until)} moet na {names.field('from')} {member.since} liggen."


def _money(arrangement: Arrangement, names: Naming) -> Objections:
    a = arrangement
    needs_budget = {
        ("inleg", "inleg"): a.inleg == "budget",
        ("cap_pct", "cap_pct"): a.cap is not None,
        ("local_share", "local_share"): a.local_share != 0,
        ("lagen", "layers"): any(layer.basis == "deviation" for layer in a.layers),
    }
    if a.budget_measure is None:
        for label, column in (part for part, needed in needs_budget.items() if needed):
            zin = f"dit vraagt een budget per gemeente; noem een {names.field('budget_measure')}."
            yield Spot(label=label, column=column), zin
    if not 0 <= a.local_share <= 1:
        spot = Spot(label="local_share", column="local_share")
        yield spot, f"het lokale deel is een fractie van 0 tot en met 1, niet {a.local_share}."
    if a.cap is not None and a.cap <= 0:
        spot = Spot(label="cap_pct", column="cap_pct")
        yield spot, f"het plafond is een fractie boven 0 ({names.share()} is 110%), niet {a.cap}."
    choices = f"kies {names.field('inleg')} {', '.join(names.word(word) for word in ('budget', 'premium'))} of {names.word('history')}."
    if a.reserve and a.inleg == "none":
        yield Spot(label="rest", column="rest"), f"een reserve vraagt een inleg; {choices}"
    if a.inleg == "history" and not any(term.role == PREMIUM for term in a.key_terms):
        zin = f"een inleg uit het verleden vraagt sleuteltermen met {names.field('role')} {names.word('premium')}; voeg die toe."
        yield Spot(label="inleg", column="inleg"), zin


def _no_claim(arrangement: Arrangement, names: Naming) -> Objections:
    terms = arrangement.no_claim
    if terms is None:
        return
    if arrangement.inleg == "none":
        choices = f"{names.word('budget')}, {names.word('premium')} of {names.word('history')}"
        yield Spot(label="no_claim_type", column="no_claim_type"), f"een no-claim vraagt een inleg; kies inleg {choices}."
    if terms.threshold < 0 or not 0 <= terms.rate <= 1:
        spot = Spot(label="no_claim_rate", column="no_claim_rate")
        yield spot, "de drempel is minstens 0 en het percentage een fractie van 0 tot en met 1; verbeter ze."


def _key_terms(arrangement: Arrangement, names: Naming) -> Objections:
    """Every term by itself."""
    for index, term in enumerate(arrangement.key_terms):

        def at(field: str, index: int = index, role: str = term.role) -> Spot:
            return Spot(label=f"sleutel {role}", column="key", index=index, field=field)

        if term.lag_from < 0 or term.lag_to < 0:
            lag = f"{names.field('lag_from')} {term.lag_from} en {names.field('lag_to')} {term.lag_to}"
            yield at("lag_from"), f"{lag} kijken vooruit; een sleutel kijkt 0 of meer jaren terug en loopt van klein naar groot, vanaf 0."
        elif term.lag_from > term.lag_to:
            lag = f"{names.field('lag_from')} {term.lag_from} en {names.field('lag_to')} {term.lag_to}"
            yield at("lag_from"), f"{lag} lopen van klein naar groot, vanaf 0; draai ze om."
        if term.weight < 0:
            yield at("weight"), f"een gewicht is minstens 0, niet {term.weight}."
        if not term.measure:
            yield at("measure"), "de sleutel noemt geen maatstaf; noem er een."
        if not term.years.sensible:
            yield at("year_to"), f"{names.field('year_to')} {term.years.last} ligt voor {names.field('year_from')} {term.years.first}."


def _key_weights(arrangement: Arrangement, names: Naming) -> Objections:
    """The terms of a key together: there when they are needed, and 1 in every year."""
    roles = {term.role for term in arrangement.key_terms}
    seen = {term.role for term in arrangement.key_terms if not term.years.sensible}  # Refused by itself already.
    for year in arrangement.years[:YEARS_MAX]:
        used = arrangement.roles_used(year) | ({PREMIUM} if arrangement.inleg == "history" else set())
        for role in sorted(roles | used):
            terms = arrangement.terms(role, year)
            if not terms and role in used:
                spot = Spot(label=f"sleutel {role}", column="key")
                zin = f"er zijn geen termen voor {names.word(role)} in {year}, terwijl de regeling deze sleutel gebruikt; voeg ze toe."
            elif terms and sum(term.weight for term in terms) != 1:
                index = arrangement.key_terms.index(terms[0])
                spot = Spot(label=f"sleutel {role}", column="key", index=index, field="weight")
                total = sum(term.weight for term in terms)
                zin = f"de gewichten van {names.word(role)} in {year} zijn samen {total}; maak er 1 van."
            else:
                continue
            if role not in seen:  # One year is enough to show it.
                seen.add(role)
                yield spot, zin


def _layers(arrangement: Arrangement, names: Naming) -> Objections:
    sides = f"{names.word('over')}, {names.word('under')} of {names.word('both')}"
    for index, layer in enumerate(arrangement.layers):
        basis = names.word(layer.basis)

        def at(field: str, index: int = index, layer: Layer = layer) -> Spot:
            return Spot(label=f"laag {layer.basis}", column="layers", index=index, field=field)

        if not 0 <= layer.share <= 1:
            yield at("share"), f"{names.field('share')} is een fractie van 0 tot en met 1, niet {layer.share}."
        if layer.lower < 0 or (layer.upper is not None and layer.upper <= layer.lower):
            yield at("upper"), f"{names.field('lower')} is minstens 0 en {names.field('upper')} ligt daarboven."
        if (layer.basis == "deviation") != (layer.side is not None):
            zin = f"{names.field('side')} ({sides}) hoort bij een laag {names.word('deviation')}, en alleen daarbij."
            yield at("side"), zin
        if layer.unit == "pct" and layer.basis != "deviation":
            zin = f"{names.field('unit')} {names.word('pct')} hoort alleen bij een laag {names.word('deviation')}"
            yield at("unit"), f"{zin}; geef grenzen per cliënt in {names.word('eur')}."
        if layer.basis == "cost" and (layer.lower or layer.upper is not None):
            zin = f"een laag {basis} deelt een vast deel van alles en heeft geen grenzen; laat {names.field('lower')} en"
            yield at("lower"), f"{zin} {names.field('upper')} leeg."
        if not layer.years.sensible:
            yield at("year_to"), f"{names.field('year_to')} {layer.years.last} ligt voor {names.field('year_from')} {layer.years.first}."
    seen: set[str] = {layer.basis for layer in arrangement.layers if not 0 <= layer.share <= 1}  # Refused by itself already.
    for year in arrangement.years[:YEARS_MAX]:
        for shared_twice in _shared_twice(arrangement.layers_in(year)) - seen:
            seen.add(shared_twice)
            spot = Spot(label=f"laag {shared_twice}", column="layers")
            zin = f"in {year} delen de lagen {names.word(shared_twice)} samen meer dan het geheel"
            yield spot, f"{zin}; verlaag {names.field('share')} tot samen hoogstens 1."


def _shared_twice(layers: Iterable[Layer]) -> set[str]:
    """The bases of which layers that lie over one another share more than the whole of a euro."""
    groups: dict[tuple[str, str, str], list[Layer]] = defaultdict(list)
    for layer in layers:
        for side in ("over", "under") if layer.side in (None, "both") else (layer.side,):
            groups[layer.basis, side, layer.unit].append(layer)
    return {
        basis
        for (basis, side, _), group in groups.items()
        if basis == "deviation" or side == "over"
        for start in {layer.lower for layer in group}
        if sum((p.share for p in group if p.lower <= start and (p.upper is None or start < p.upper)), Fraction(0)) > 1
    }


def _spread(arrangement: Arrangement, names: Naming) -> Objections:
    if arrangement.spread and (sum(arrangement.spread) != 1 or min(arrangement.spread) < 0):
        yield Spot(label="spreiding", column="spread"), "de stappen zijn fracties van minstens 0 die samen 1 zijn."


def _same_codes(agreement: Agreement, naming: Naming) -> Iterator[Bezwaar]:
    seen: set[str] = set()
    for number, arrangement in enumerate(agreement.arrangements):
        if arrangement.code in seen:
            spot = Spot(label="", column="arrangement")
            zin = f"de code {arrangement.code} komt vaker voor; geef elke regeling een eigen code."
            yield Bezwaar(waar=naming.place(number, arrangement, spot), zin=zin)
        seen.add(arrangement.code)


def _overlaps(agreement: Agreement, naming: Naming) -> Iterator[Bezwaar]:
    """A (municipality, category, day) in two arrangements, or twice in one (2.2); one sentence per pair and first day."""
    cells: dict[tuple[str, str], list[tuple[date, date, int, int]]] = defaultdict(list)
    for number, arrangement in enumerate(agreement.arrangements):
        for index, member in enumerate(arrangement.members):
            since, until = _days(arrangement, member)
            if since < until:
                for category in dict.fromkeys(arrangement.categories):
                    cells[member.municipality, category].append((since, until, number, index))
    found: dict[tuple[int, int, date], tuple[dict[str, int], dict[str, None]]] = defaultdict(lambda: ({}, {}))
    for (municipality, category), periods in sorted(cells.items()):
        for (_, until, first, _), (since, _, second, index) in pairwise(sorted(periods)):
            if since < until:
                municipalities, categories = found[first, second, since]
                municipalities[municipality] = index
                categories[category] = None
    for (first, second, day), (municipalities, categories) in found.items():
        one, other = agreement.arrangements[first], agreement.arrangements[second]
        both = f"twee keer in regeling {one.code}" if first == second else f"in de regelingen {one.code} en {other.code}"
        spot = Spot(label="categories", column="categories")
        if first == second:
            name, index = next(iter(municipalities.items()))
            spot = Spot(label=f"lid {name}", column="members", index=index, field="municipality")
        yield Bezwaar(
            waar=naming.place(second, other, spot),
            zin=f"{', '.join(municipalities)}, zorgvorm {', '.join(categories)}, valt op {day} {both}; "
            "op elke dag mag dat er één zijn, pas leden, zorgvormen of data aan.",
        )


def _days(arrangement: Arrangement, member: Membership) -> tuple[date, date]:
    return max(arrangement.since, member.since or date.min), min(arrangement.until, member.until or date.max)

"""Whether an agreement makes sense before anything is computed: every objection, each with its place and a remedy.

What a pool finds only while computing (a missing value, cost above all plafonds) is refused there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from app.solidarity.agreement import PREMIUM, Agreement, Arrangement, Layer
from app.solidarity.errors import Bezwaar, RegelingOngeldig, not_supported
from app.solidarity.history import History, Merger
from app.solidarity.segments import cut

YEARS_MAX = 100
"""Longest arrangement that is computed; a year such as 9999 is a way of writing 'open' that we do not guess at."""

Objections = Iterator[tuple[str, str]]
"""Part of the arrangement, and the sentence."""


def check_settlement(agreement: Agreement, history: History, *, whole_months: bool) -> None:
    """Refuse an agreement that cannot be settled.

    Args:
        agreement: All arrangements.
        history: Mergers, gaps and kept amounts they are settled with.
        whole_months: The cost is known per month, so that no date may lie inside a month (DESIGN 7).
    Raises:
        RegelingOngeldig: With every objection.
        NietOndersteund: Section 2 knows it, this version does not.
    """
    bezwaren = [
        *agreement_objections(agreement),
        *_history_objections(agreement, history),
        *(_month_objections(agreement, history) if whole_months else ()),
    ]
    if bezwaren:
        raise RegelingOngeldig(bezwaren)
    for arrangement in agreement.arrangements:
        _refuse_unsupported(arrangement, history)


def agreement_objections(agreement: Agreement) -> list[Bezwaar]:
    """Everything that is wrong with the agreement by itself."""
    checks: tuple[Callable[[Arrangement], Objections], ...] = (_period, _categories, _members, _money, _key_weights, _layers, _spread)
    bezwaren = [
        Bezwaar(waar=f"regeling {arrangement.code}, {part}", zin=sentence)
        for arrangement in agreement.arrangements
        for check in checks
        for part, sentence in check(arrangement)
    ]
    codes = [arrangement.code for arrangement in agreement.arrangements]
    bezwaren += [
        Bezwaar(waar=f"regeling {code}", zin="deze code komt vaker voor; geef elke regeling een eigen code.")
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    return bezwaren + list(_overlaps(agreement))


def _period(arrangement: Arrangement) -> Objections:
    if arrangement.since >= arrangement.until:
        yield "geldigheid", f"valid_to {arrangement.until} moet na valid_from {arrangement.since} liggen."
    elif len(arrangement.years) > YEARS_MAX:
        yield "geldigheid", f"een regeling loopt hoogstens {YEARS_MAX} jaar; kies een eerdere valid_to dan {arrangement.until}."


def _categories(arrangement: Arrangement) -> Objections:
    categories = arrangement.categories
    if not categories or "" in categories:
        yield "categories", "noem minstens één zorgvorm en laat geen naam leeg."
    if len(set(categories)) < len(categories):
        yield "categories", "een zorgvorm staat er vaker in; noem elke zorgvorm één keer."


def _members(arrangement: Arrangement) -> Objections:
    if not arrangement.members:
        yield "leden", "de regeling heeft geen leden; voeg minstens één gemeente toe."
    for member in arrangement.members:
        if member.since and member.until and member.since >= member.until:
            yield f"lid {member.municipality}", f"to {member.until} moet na from {member.since} liggen."


def _money(arrangement: Arrangement) -> Objections:
    a = arrangement
    needs_budget = {
        "inleg": a.inleg == "budget",
        "cap_pct": a.cap is not None,
        "local_share": a.local_share != 0,
        "lagen": any(layer.basis == "deviation" for layer in a.layers),
    }
    if a.budget_measure is None:
        for part in (part for part, needed in needs_budget.items() if needed):
            yield part, "dit vraagt een budget per gemeente; noem een budget_measure."
    if not 0 <= a.local_share <= 1:
        yield "local_share", f"het lokale deel is een fractie van 0 tot en met 1, niet {a.local_share}."
    if a.cap is not None and a.cap <= 0:
        yield "cap_pct", f"het plafond is een fractie boven 0 (1.1 is 110%), niet {a.cap}."
    if a.reserve and a.inleg == "none":
        yield "rest", "een reserve vraagt een inleg; kies inleg budget, premium of history."
    if a.inleg == "history" and not any(term.role == PREMIUM for term in a.key_terms):
        yield "inleg", "een inleg uit het verleden vraagt sleuteltermen met rol premium."
    if a.no_claim is not None:
        if a.inleg == "none":
            yield "no_claim_type", "een no-claim vraagt een inleg; kies inleg budget, premium of history."
        if a.no_claim.threshold < 0 or not 0 <= a.no_claim.rate <= 1:
            yield "no_claim_rate", "de drempel is minstens 0 en het percentage een fractie van 0 tot en met 1."


def _key_weights(arrangement: Arrangement) -> Objections:
    for term in arrangement.key_terms:
        if not 0 <= term.lag_from <= term.lag_to:
            yield f"sleutel {term.role}", f"lag_from {term.lag_from} en lag_to {term.lag_to} lopen van klein naar groot, vanaf 0."
        if term.weight < 0:
            yield f"sleutel {term.role}", f"een gewicht is minstens 0, niet {term.weight}."
    roles = {term.role for term in arrangement.key_terms}
    for year in arrangement.years[:YEARS_MAX]:
        used = arrangement.roles_used(year) | ({PREMIUM} if arrangement.inleg == "history" else set())
        for role in sorted(roles | used):
            weights = [term.weight for term in arrangement.terms(role, year)]
            if not weights and role in used:
                yield f"sleutel {role}", f"er zijn geen termen in {year}, terwijl de regeling deze sleutel gebruikt; voeg ze toe."
            elif weights and sum(weights) != 1:
                yield f"sleutel {role}", f"de gewichten in {year} zijn samen {sum(weights)}; maak er 1 van."


def _layers(arrangement: Arrangement) -> Objections:
    for layer in arrangement.layers:
        where = f"laag {layer.basis}"
        if not 0 <= layer.share <= 1:
            yield where, f"share is een fractie van 0 tot en met 1, niet {layer.share}."
        if layer.lower < 0 or (layer.upper is not None and layer.upper <= layer.lower):
            yield where, "lower is minstens 0 en upper ligt daarboven."
        if (layer.basis == "deviation") != (layer.side is not None):
            yield where, "side (over, under of both) hoort bij een laag deviation, en alleen daarbij."
        if layer.unit == "pct" and layer.basis != "deviation":
            yield where, "unit pct hoort alleen bij een laag deviation; geef grenzen per cliënt in eur."
        if layer.basis == "cost" and (layer.lower or layer.upper is not None):
            yield where, "een laag cost deelt een vast deel van alles en heeft geen grenzen; laat lower en upper leeg."
    for year in arrangement.years[:YEARS_MAX]:
        yield from _shared_twice(arrangement.layers_in(year), year)


def _shared_twice(layers: Iterable[Layer], year: int) -> Objections:
    """More than the whole of a euro shared by layers that lie over one another."""
    groups: dict[tuple[str, str, str], list[Layer]] = defaultdict(list)
    for layer in layers:
        for side in ("over", "under") if layer.side in (None, "both") else (layer.side,):
            groups[layer.basis, side, layer.unit].append(layer)
    for (basis, side, _), group in groups.items():
        for start in {layer.lower for layer in group}:
            shares = [layer.share for layer in group if layer.lower <= start and (layer.upper is None or start < layer.upper)]
            if sum(shares, Fraction(0)) > 1 and (basis == "deviation" or side == "over"):
                yield f"laag {basis}", f"in {year} delen de lagen samen meer dan het geheel; verlaag share tot samen hoogstens 1."


def _spread(arrangement: Arrangement) -> Objections:
    if arrangement.spread and (sum(arrangement.spread) != 1 or min(arrangement.spread) < 0):
        yield "spreiding", "de stappen zijn fracties van minstens 0 die samen 1 zijn."


def _overlaps(agreement: Agreement) -> Iterator[Bezwaar]:
    """A (municipality, category, day) in two arrangements, or twice in one (2.2)."""
    cells: dict[tuple[str, str], list[tuple[date, date, str]]] = defaultdict(list)
    for arrangement in agreement.arrangements:
        for member in arrangement.members:
            since, until = max(arrangement.since, member.since or date.min), min(arrangement.until, member.until or date.max)
            if since < until:
                for category in arrangement.categories:
                    cells[member.municipality, category].append((since, until, arrangement.code))
    for (municipality, category), periods in sorted(cells.items()):
        for (_, until, first), (since, _, second) in pairwise(sorted(periods)):
            if since < until:
                both = f"twee keer in regeling {first}" if first == second else f"in de regelingen {first} en {second}"
                yield Bezwaar(
                    waar=f"gemeente {municipality}, zorgvorm {category}",
                    zin=f"valt op {since} {both}; op elke dag mag dat er één zijn, pas de leden of de data aan.",
                )


def _history_objections(agreement: Agreement, history: History) -> Iterator[Bezwaar]:
    yield from _merger_objections(history.mergers)
    for arrangement in agreement.arrangements:
        if arrangement.since < arrangement.until and len(arrangement.years) <= YEARS_MAX:
            yield from _merging_members(arrangement, history)
    arrangements = {arrangement.code: arrangement for arrangement in agreement.arrangements}
    for kept in history.kept:
        known = arrangements.get(kept.arrangement)
        if known is None or kept.year not in known.years or kept.municipality not in {m.municipality for m in known.members}:
            yield Bezwaar(
                waar=f"ingehouden bedrag van {kept.municipality}, {kept.year}",
                zin=f"hoort bij geen lid en jaar van regeling {kept.arrangement}; verbeter regeling, jaar of gemeente.",
            )


def _merger_objections(mergers: Iterable[Merger]) -> Iterator[Bezwaar]:
    per_predecessor: dict[tuple[str, date], list[Merger]] = defaultdict(list)
    for merger in mergers:
        per_predecessor[merger.predecessor, merger.date].append(merger)
    for (predecessor, day), parts in sorted(per_predecessor.items()):
        where = f"herindeling van {predecessor} per {day}"
        if sum(part.fraction for part in parts) != 1 or min(part.fraction for part in parts) <= 0:
            yield Bezwaar(waar=where, zin="de fracties zijn groter dan 0 en samen precies 1; noem ook opvolgers buiten de regio.")
        if len({part.successor for part in parts}) < len(parts):
            yield Bezwaar(waar=where, zin="een opvolger staat er vaker in; tel zijn fracties op in één regel.")
        if len(parts) == 1 and parts[0].successor == predecessor:
            yield Bezwaar(waar=where, zin="een gemeente kan niet in zichzelf opgaan; noem de opvolger.")


def _merging_members(arrangement: Arrangement, history: History) -> Iterator[Bezwaar]:
    """Members must change on the day of a merger, so that a segment has the same municipalities from start to end."""
    for segment in cut(arrangement):
        for name in segment.members:
            if history.ended(name, segment.since):
                yield Bezwaar(
                    waar=f"regeling {arrangement.code}, lid {name}",
                    zin=f"{name} bestaat op {segment.since} niet meer; laat het lidmaatschap eindigen op de datum van herindeling.",
                )
        for merger in history.mergers:
            if segment.since < merger.date < segment.until and {merger.predecessor, merger.successor} & set(segment.members):
                yield Bezwaar(
                    waar=f"regeling {arrangement.code}, herindeling van {merger.predecessor}",
                    zin=f"valt op {merger.date} binnen een periode met dezelfde leden; laat een lidmaatschap die dag eindigen of beginnen.",
                )


def _month_objections(agreement: Agreement, history: History) -> Iterator[Bezwaar]:
    for arrangement in agreement.arrangements:
        days = {"geldigheid": {arrangement.since, arrangement.until}}
        for member in arrangement.members:
            days.setdefault(f"lid {member.municipality}", set()).update(filter(None, (member.since, member.until)))
        for part, dates in days.items():
            for day in sorted(day for day in dates if day.day != 1):
                yield Bezwaar(
                    waar=f"regeling {arrangement.code}, {part}",
                    zin=f"{day} ligt binnen een maand; kosten uit het grootboek zijn per maand, kies de eerste dag van een maand.",
                )
    for merger in history.mergers:
        if merger.date.day != 1:
            yield Bezwaar(waar=f"herindeling van {merger.predecessor}", zin=f"{merger.date} ligt binnen een maand; kies de eerste dag.")


def _refuse_unsupported(arrangement: Arrangement, history: History) -> None:
    """What section 2 leaves open or this version does not compute: refused, never guessed."""
    several_pools = arrangement.pool_by == "category" and len(arrangement.categories) > 1
    where = f"regeling {arrangement.code}"
    if several_pools and any(kept.arrangement == arrangement.code for kept in history.kept):
        raise not_supported(f"{where}: ingehouden bedragen bij een pool per zorgvorm; maak per zorgvorm een regeling.")
    if several_pools and arrangement.reserve:
        raise not_supported(f"{where}: één reserve voor meer pools; maak per zorgvorm een regeling.")
    if arrangement.reserve:
        for member in arrangement.members:
            merged = history.ended(member.municipality, member.until) if member.until else False
            if member.until and member.until < arrangement.until and not merged:
                raise not_supported(f"{where}: {member.municipality} verlaat een reserve; het persoonlijke saldo (2.10) ontbreekt nog.")
    for gap in history.gaps:
        if gap.municipality in history.predecessors:
            raise not_supported(f"{where}: een gat in {gap.measure} van {gap.municipality}, dat later is heringedeeld.")

"""Whether an agreement can be settled with what happened: mergers, gaps and kept amounts against its members and days.

The agreement by itself is checked in `agreementcheck`; both name places by a `Naming`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from app.solidarity.agreement import Agreement, Arrangement
from app.solidarity.agreementcheck import CSV_NAMES, YEARS_MAX, Objections, agreement_objections
from app.solidarity.errors import Bezwaar, RegelingOngeldig, not_supported
from app.solidarity.history import History, KeptAmount, Merger
from app.solidarity.naming import Naming, Spot
from app.solidarity.segments import cut


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
        *history_objections(agreement, history),
        *(_month_objections(agreement, history) if whole_months else ()),
    ]
    if bezwaren:
        raise RegelingOngeldig(bezwaren)
    _refuse_unsupported(history)


def history_objections(agreement: Agreement, history: History, naming: Naming = CSV_NAMES) -> list[Bezwaar]:
    """Everything that is wrong between the agreement and what happened to municipalities."""
    bezwaren = list(_merger_objections(history.mergers, naming))
    for number, arrangement in enumerate(agreement.arrangements):
        if arrangement.since < arrangement.until and len(arrangement.years) <= YEARS_MAX:
            bezwaren += [
                Bezwaar(waar=naming.place(number, arrangement, spot), zin=zin) for spot, zin in _merging_members(arrangement, history)
            ]
    return [*bezwaren, *_kept_objections(agreement, history, naming)]


def _kept_objections(agreement: Agreement, history: History, naming: Naming) -> Iterator[Bezwaar]:
    numbers = {arrangement.code: number for number, arrangement in enumerate(agreement.arrangements)}
    counted: dict[str, int] = defaultdict(int)
    for kept in history.kept:
        index = counted[kept.arrangement]
        counted[kept.arrangement] += 1
        where = f"ingehouden bedrag van {kept.municipality}, {kept.year}"
        number = numbers.get(kept.arrangement)
        if number is None:
            yield Bezwaar(waar=where, zin=f"regeling {kept.arrangement} is er niet; {kept.municipality} in {kept.year} hoort bij geen lid.")
            continue
        arrangement = agreement.arrangements[number]
        place = naming.place(number, arrangement, Spot(label=where, column="kept", index=index))
        if kept.year not in arrangement.years or kept.municipality not in {m.municipality for m in arrangement.members}:
            zin = f"{kept.municipality} in {kept.year} hoort bij geen lid en jaar van regeling {kept.arrangement}"
            yield Bezwaar(waar=place, zin=f"{zin}; verbeter regeling, jaar of gemeente.")
        if zin_of_pool := _kept_without_pool(arrangement, kept):
            yield Bezwaar(waar=place, zin=zin_of_pool)


def _kept_without_pool(arrangement: Arrangement, kept: KeptAmount) -> str | None:
    """The amount leaves one pool; with several it must be said which."""
    if arrangement.pool_by == "arrangement":
        return (
            None if kept.category is None else "een ingehouden bedrag van een zorgvorm vraagt een pool per zorgvorm; laat de zorgvorm weg."
        )
    if kept.category is None:
        return (
            "deze regeling heeft een pool per zorgvorm; noem bij het ingehouden bedrag de zorgvorm."
            if len(arrangement.categories) > 1
            else None
        )
    return None if kept.category in arrangement.categories else f"zorgvorm {kept.category} hoort niet bij deze regeling; verbeter haar."


def _merger_objections(mergers: Iterable[Merger], naming: Naming) -> Iterator[Bezwaar]:
    per_predecessor: dict[tuple[str, date], list[tuple[int, Merger]]] = defaultdict(list)
    for index, merger in enumerate(mergers):
        per_predecessor[merger.predecessor, merger.date].append((index, merger))
    for (predecessor, day), numbered in sorted(per_predecessor.items()):
        where = naming.merger(numbered[0][0], f"herindeling van {predecessor} per {day}")
        parts = [part for _, part in numbered]
        if sum(part.fraction for part in parts) != 1 or min(part.fraction for part in parts) <= 0:
            yield Bezwaar(waar=where, zin="de fracties zijn groter dan 0 en samen precies 1; noem ook opvolgers buiten de regio.")
        if len({part.successor for part in parts}) < len(parts):
            yield Bezwaar(waar=where, zin="een opvolger staat er vaker in; tel zijn fracties op in één regel.")
        if len(parts) == 1 and parts[0].successor == predecessor:
            yield Bezwaar(waar=where, zin="een gemeente kan niet in zichzelf opgaan; noem de opvolger.")


def _merging_members(arrangement: Arrangement, history: History) -> Objections:
    """Members must change on the day of a merger, so that a segment has the same municipalities from start to end."""
    members = {member.municipality: index for index, member in enumerate(arrangement.members)}
    gone: set[str] = set()
    for segment in cut(arrangement):
        for name in segment.members:
            if name not in gone and history.ended(name, segment.since):
                gone.add(name)
                spot = Spot(label=f"lid {name}", column="members", index=members[name])
                yield spot, f"{name} bestaat op {segment.since} niet meer; laat het lidmaatschap eindigen op de datum van herindeling."
        for merger in history.mergers:
            involved = [name for name in (merger.predecessor, merger.successor) if name in segment.members]
            if segment.since < merger.date < segment.until and involved:
                spot = Spot(label=f"herindeling van {merger.predecessor}", column="members", index=members[involved[0]])
                zin = f"de herindeling van {merger.predecessor} valt op {merger.date} binnen een periode met dezelfde leden"
                yield spot, f"{zin}; laat een lidmaatschap die dag eindigen of beginnen."


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


def _refuse_unsupported(history: History) -> None:
    """What section 2 leaves open: refused, never guessed."""
    for gap in history.gaps:
        if gap.municipality in history.predecessors:
            zin = f"een gat in {gap.measure} van {gap.municipality}, dat later is heringedeeld; geef een waarde op."
            raise not_supported(zin)

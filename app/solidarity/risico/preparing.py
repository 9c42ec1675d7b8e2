"""From what a region has (cost per client, measures, documents, names of models) to what `simulation` takes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

import numpy as np

from app.solidarity.agreement import Agreement
from app.solidarity.costs import CostLine, Costs
from app.solidarity.document import joined
from app.solidarity.errors import refuse
from app.solidarity.history import History
from app.solidarity.measures import Facts, Measures, MeasureValue
from app.solidarity.risico.arrays import Floats
from app.solidarity.risico.choice import Region, expected_values, named_agreement
from app.solidarity.risico.drawing import expected_cent
from app.solidarity.risico.past import Key, Past, make_past
from app.solidarity.risico.simulation import Instellingen, Kandidaat, Opdracht, Simulatie, simulate


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorstel:
    """An agreement to look at: a document or a folder, with the values and history that it brings itself."""

    agreement: Agreement
    values: tuple[MeasureValue, ...] = ()
    history: History = field(default_factory=History)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regio:
    """What a region has.

    Attributes:
        totals: Cost per gemeente, client, zorgvorm and year (`past.totals_of_lines`, or from the balances per client).
        values: Measures.
        history: Mergers and kept amounts.
        budgetten: Budget in cents per gemeente, zorgvorm (empty: all together) and year; None without a register of budgets.
        gemeenten: Who takes part also without cost; who has cost or is a member of an agreement always does.
    """

    totals: Mapping[Key, int]
    values: tuple[MeasureValue, ...] = ()
    history: History = field(default_factory=History)
    budgetten: Mapping[tuple[str, str, int], int] | None = None
    gemeenten: tuple[str, ...] = ()


def simulate_region(
    opdracht: Opdracht, regio: Regio, keuzes: Sequence[str | Voorstel], *, progress: Callable[[int], object] = lambda years: None
) -> Simulatie:
    """Simulate a region under agreements that are named (`choice`) or brought (`Voorstel`).

    Raises:
        RegelingOngeldig, NietOndersteund: As `simulate`, `make_past` and `named_agreement`; or a budget is missing.
    """
    brought = [keuze for keuze in keuzes if isinstance(keuze, Voorstel)]
    if not brought:
        regio = of_whole_year(regio, opdracht.jaar)
    history = regio.history
    for voorstel in brought:
        history = joined(history, replace(voorstel.history, kept=(), reserve_cent={}, gaps=frozenset()))
    members = {member.municipality for each in brought for a in each.agreement.arrangements for member in a.members}
    members |= {*regio.gemeenten, *(code for code, _, year in regio.budgetten or {} if year == opdracht.jaar)}
    alive = {code for code in members if not history.ended(code, date(opdracht.jaar, 1, 1))}
    past = make_past(regio.totals, history, jaar=opdracht.jaar, years=opdracht.jaren, gemeenten=alive)
    costs = _known_costs(regio.totals)
    region = Region(gemeenten=past.codes, categories=past.categories, jaar=opdracht.jaar)
    expected = tuple(expected_values(past, opdracht.methode, opdracht.jaar))
    kandidaten = []
    for keuze in keuzes:
        if isinstance(keuze, str):
            voorstel = Voorstel(agreement=named_agreement(keuze, region), values=(*regio.values, *expected), history=regio.history)
        else:
            voorstel = replace(keuze, history=joined(keuze.history, regio.history))
        facts = Facts(costs=costs, measures=Measures(voorstel.values), history=_of_this(voorstel, opdracht.jaar))
        kandidaten.append(Kandidaat(agreement=voorstel.agreement, facts=facts))
    return simulate(opdracht, past, kandidaten, budgets_of(opdracht, past, regio), progress=progress)


def of_whole_year(regio: Regio, jaar: int) -> Regio:
    """The region as it is from the last herindeling of the year on, for the whole year: who was merged counts for its successor, with its budget.

    Only for agreements that are named: a document says itself who is a member until when.
    """
    within = [merger for merger in regio.history.mergers if date(jaar, 1, 1) < merger.date <= date(jaar, 12, 31)]
    mergers = tuple(replace(merger, date=date(jaar, 1, 1)) if merger in within else merger for merger in regio.history.mergers)
    history = replace(regio.history, mergers=mergers)
    if regio.budgetten is None:
        return replace(regio, history=history)
    budgetten = dict(regio.budgetten)
    for merger in within:
        for (code, category, year), cents in regio.budgetten.items():
            if (code, year) == (merger.predecessor, jaar):
                key = (merger.successor, category, year)
                budgetten[key] = budgetten.get(key, 0) + round(cents * merger.fraction)
    return replace(regio, history=history, budgetten=budgetten)


def budgets_of(opdracht: Opdracht, past: Past, regio: Regio) -> Floats:
    """The budget of each gemeente in whole cents: the measure that was asked for, else the register, else from the expected cost.

    A budget of all zorgvormen together goes before those per zorgvorm, which are added up.

    Raises:
        RegelingOngeldig: A gemeente has none.
    """
    measure = opdracht.budget_maatstaf
    if measure is None and not _has_register(regio, opdracht.jaar):
        return np.asarray(np.rint(float(opdracht.budget_factor) * expected_cent(past, opdracht.methode)), dtype=np.float64)
    if measure is None:
        known: dict[tuple[str, str], Fraction] = {
            (code, category): Fraction(cents) for (code, category, year), cents in (regio.budgetten or {}).items() if year == opdracht.jaar
        }
    else:
        known = {
            (value.municipality, value.category or ""): 100 * value.value
            for value in regio.values
            if value.measure == measure and value.year == opdracht.jaar
        }
    found = {code: _budget(code, past.categories, known) for code in past.codes}
    missing = [code for code, cents in found.items() if cents is None]
    if missing:
        zin = f"{measure or 'het budget'} van {', '.join(missing)} ontbreekt; geef een waarde op, desnoods 0."
        raise refuse(f"budget {opdracht.jaar}", zin)
    return np.array([round(cents) for cents in found.values() if cents is not None], dtype=np.float64)


def _has_register(regio: Regio, jaar: int) -> bool:
    return any(year == jaar for _, _, year in regio.budgetten or {})


def _budget(code: str, categories: Iterable[str], known: Mapping[tuple[str, str], Fraction]) -> Fraction | None:
    if (code, "") in known:
        return known[code, ""]
    parts = [known[code, category] for category in categories if (code, category) in known]
    return sum(parts, Fraction(0)) if parts else None


def _of_this(voorstel: Voorstel, jaar: int) -> History:
    """The history with the kept amounts and reserves of this agreement only, in this year."""
    codes = {arrangement.code for arrangement in voorstel.agreement.arrangements}
    kept = tuple(each for each in voorstel.history.kept if each.arrangement in codes and each.year == jaar)
    reserve = {code: cents for code, cents in voorstel.history.reserve_cent.items() if code in codes}
    return replace(voorstel.history, kept=kept, reserve_cent=reserve)


def _known_costs(totals: Mapping[Key, int]) -> Costs:
    """The past as cost, which tells the measures since when a gemeente exists (2.10)."""
    return Costs(
        CostLine(municipality=code, category=category, service_date=date(year, 1, 1), bedrag_cent=cents)
        for (code, _, category, year), cents in totals.items()
    )


def history_years(totals: Mapping[Key, int], before: int | None = None) -> range:
    """The years with cost, from the first to the last; those before the year `before` when it is given.

    Raises:
        RegelingOngeldig: There are none.
    """
    years = [year for _, _, _, year in totals if before is None or year < before]
    if not years:
        when = "" if before is None else f" voor {before}"
        raise refuse("de historie", f"er is geen jaar met kosten{when}. Een simulatie trekt uit jaren waarvan de kosten geboekt zijn.")
    return range(min(years), max(years) + 1)


def make_opdracht(
    instellingen: Instellingen, totals: Mapping[Key, int], *, jaar: int | None, jaren: range | None, before: int | None = None
) -> Opdracht:
    """The year and the history to simulate: as asked, else the last year with cost and all years up to it.

    Args:
        instellingen: How.
        totals: Cost, for its years.
        jaar: As asked.
        jaren: As asked.
        before: Years from this one on are incomplete and count only when they are asked for.
    """
    found = jaren if jaren is not None else history_years(totals, before)
    if jaren is None and jaar is not None and jaar in found:
        found = range(found.start, jaar + 1)  # A finished year is seen from its own past, not from what came after it (R12).
    return Opdracht.of(instellingen, jaar=found[-1] if jaar is None else jaar, jaren=found)

"""A run of the verevening from the ledger: balances and measures in, stored run out. What it decides is in the pure files of this room."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.domain.periode import half_open
from app.solidarity import store
from app.solidarity.agreement import Agreement, Membership
from app.solidarity.calculator import ShareRow, settle
from app.solidarity.costs import MonthCost, costs_from_months
from app.solidarity.history import History
from app.solidarity.measures import Measures, MeasureValue
from app.solidarity.store import Lid
from app.solidarity.templates import profijt, vlaktaks_omslag, waarborg

DOMEIN = "ijw"
"""Wmo cost is profijtbeginsel by default (DESIGN section 7): every gemeente bears its own, no settlement row."""


class Model(StrEnum):
    """The models that a run can name; the laboratory of a later issue takes whole agreements."""

    PROFIJT = "profijt"
    WAARBORG = "waarborg"
    VLAKTAKS = "vlaktaks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keuze:
    """What to compute: a year, a model, the measure of its key, and for vlaktaks how many past years it looks at."""

    jaar: int
    model: Model
    maatstaf: str = "inwoners"
    jaren_terug: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stored run. `kosten_cent` is the cost of the year from the balances, `kosten_clienten_cent` the same from the balances per client."""

    run_nr: int
    keuze: Keuze
    rows: tuple[ShareRow, ...]
    kosten_cent: int
    kosten_clienten_cent: int

    @property
    def som_cent(self) -> int:
        """The sum of all settlements: always zero."""
        return sum(row.settlement_cent for row in self.rows)


async def vereven(wereld: Wereld, actor: Actor, keuze: Keuze) -> Run:
    """Compute and store the verevening of a year over the iJw cost in the ledger.

    Raises:
        NietToegestaan: The actor is no controller.
        OngeldigVerzoek: The region has no gemeenten or zorgvormen, or a measure has no value for a year.
        RegelingOngeldig: The agreement does not fit the region.
    """
    if not actor.heeft(Rol.CONTROLLER):
        raise NietToegestaan("Alleen een controller kan een verevening berekenen.")
    async with wereld.engine.connect() as connection:
        vormen = await store.zorgvormen(connection, DOMEIN)
        months = [month for month in await store.month_costs(connection, DOMEIN) if month.zorgvorm in vormen]
        leden = await store.leden(connection, keuze.jaar)
        mergers = await store.mergers(connection)
        values = await store.measure_values(connection)
        clients_cent = await store.client_total_cent(connection, keuze.jaar, vormen)
    agreement = make_agreement(keuze, vormen, leden)
    rows = tuple(settle(agreement, costs_from_months(months), Measures(values), History(mergers=tuple(mergers))))
    own_cent = sum(month.bedrag_cent for month in months if month.zorgmaand.year == keuze.jaar)
    invoer = run_input(keuze, agreement, months, values, leden, own_cent=own_cent, clients_cent=clients_cent)
    async with wereld.engine.begin() as connection:
        nr = await store.save_run(
            connection,
            gemaakt_op=wereld.nu,
            gemaakt_door=actor.naam,
            jaar=keuze.jaar,
            model=f"{keuze.model.value} ({keuze.maatstaf})" if keuze.model is Model.WAARBORG else keuze.model.value,
            invoer=invoer,
            uitkomst=[row_as_dict(row) for row in rows],
        )
    return Run(run_nr=nr, keuze=keuze, rows=rows, kosten_cent=own_cent, kosten_clienten_cent=clients_cent)


def make_agreement(keuze: Keuze, zorgvormen: list[str], leden: list[Lid]) -> Agreement:
    """The agreement of a model for the gemeenten and zorgvormen of the region, one pool per zorgvorm.

    Raises:
        OngeldigVerzoek: There is nobody or nothing to settle.
    """
    if not leden or not zorgvormen:
        raise OngeldigVerzoek(f"De regio heeft in {keuze.jaar} geen gemeenten of geen zorgvormen; laad eerst de regiomap.")
    codes = sorted({lid.code for lid in leden})
    years = range(keuze.jaar, keuze.jaar + 1)
    match keuze.model:
        case Model.PROFIJT:
            agreement = profijt(zorgvormen, codes, years)
        case Model.WAARBORG:
            agreement = waarborg(zorgvormen, codes, years, measure=keuze.maatstaf)
        case Model.VLAKTAKS:
            agreement = vlaktaks_omslag(zorgvormen, codes, years, n_jaren=keuze.jaren_terug, fallback_measure=keuze.maatstaf)
    return _with_periods(agreement, leden, keuze.jaar)


def _with_periods(agreement: Agreement, leden: list[Lid], jaar: int) -> Agreement:
    """Members only as long as they exist; who exists all year is a member without dates."""

    def membership(lid: Lid) -> Membership:
        since, until = half_open(lid.geldig_van, lid.geldig_tot)
        return Membership(
            municipality=lid.code,
            since=since if since > date(jaar, 1, 1) else None,
            until=until if until is not None and until < date(jaar + 1, 1, 1) else None,
        )

    members = tuple(membership(lid) for lid in leden)
    return replace(agreement, arrangements=tuple(replace(arrangement, members=members) for arrangement in agreement.arrangements))


def run_input(
    keuze: Keuze,
    agreement: Agreement,
    months: list[MonthCost],
    values: list[MeasureValue],
    leden: list[Lid],
    *,
    own_cent: int,
    clients_cent: int,
) -> dict[str, Any]:
    """All that a run was made from, as plain data, so that it can be made again."""
    return {
        "keuze": {"jaar": keuze.jaar, "model": keuze.model.value, "maatstaf": keuze.maatstaf, "jaren_terug": keuze.jaren_terug},
        "regeling": _plain(asdict(agreement)),
        "kosten": [[m.gemeente, m.zorgvorm, m.zorgmaand.isoformat(), m.bedrag_cent] for m in months],
        "maatstaven": [[v.measure, v.municipality, v.category or "", v.year, str(v.value)] for v in values],
        "leden": [[lid.code, lid.geldig_van.isoformat(), lid.geldig_tot.isoformat() if lid.geldig_tot else ""] for lid in leden],
        "kosten_cent": own_cent,
        "kosten_clienten_cent": clients_cent,
    }


def _plain(value: Any) -> Any:
    """A value as JSON knows it: fractions and dates as text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Fraction | date) else value


def row_as_dict(row: ShareRow) -> dict[str, Any]:
    """A row of the result as it is stored and shown; amounts in cents, the exact contribution as a fraction."""
    return {
        "arrangement": row.arrangement,
        "period_from": row.period_from.isoformat(),
        "period_to": row.period_to.isoformat(),
        "pool": row.pool,
        "municipality": row.municipality,
        "own_cost_cent": row.own_cost_cent,
        "contribution_cent": row.contribution_cent,
        "settlement_cent": row.settlement_cent,
        "contribution_exact_cents": str(row.contribution_exact_cents),
    }

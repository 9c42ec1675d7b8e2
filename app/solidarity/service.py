"""A run of the verevening from the ledger: balances and measures in, stored run out. What it decides is in the pure files of this room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.domain.periode import half_open
from app.solidarity import store
from app.solidarity.agreement import Agreement, Membership, of_year
from app.solidarity.calculator import ShareRow, settle
from app.solidarity.costs import ClientYearCost, MonthCost, costs_from_months
from app.solidarity.document import Overeenkomst
from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.hermaken import has_client_layers, history_in
from app.solidarity.history import History, Merger
from app.solidarity.measures import Measures, MeasureValue
from app.solidarity.store import Lid
from app.solidarity.templates import profijt, vlaktaks_omslag, waarborg
from app.solidarity.tomltable import nearest
from app.solidarity.tomlwriting import write_document

DOMEIN = "ijw"
"""Wmo cost is profijtbeginsel by default (DESIGN section 7): every gemeente bears its own, no settlement row."""
DOMEINEN = ("ijw", "iwmo")
"""An agreement settles every zorgvorm that it names."""


class Model(StrEnum):
    """The models that a run can name; `overeenkomst` is the document of the region itself."""

    PROFIJT = "profijt"
    WAARBORG = "waarborg"
    VLAKTAKS = "vlaktaks"
    OVEREENKOMST = "overeenkomst"


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
        """The sum of all settlements: zero, unless an arrangement has a reserve."""
        return sum(row.settlement_cent for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gegevens:
    """What the ledger and the region know: the input of a run next to its agreement."""

    zorgvormen: list[str]
    kosten: list[MonthCost]
    clienten: list[ClientYearCost] | None
    leden: list[Lid]
    herindelingen: list[Merger]
    maatstaven: list[MeasureValue]
    kosten_clienten_cent: int

    def kosten_cent(self, jaar: int) -> int:
        """The cost of a year of care, from the balances."""
        return sum(month.bedrag_cent for month in self.kosten if month.zorgmaand.year == jaar)


async def vereven(wereld: Wereld, actor: Actor, keuze: Keuze) -> Run:
    """Compute and store the verevening of a year over the iJw cost in the ledger.

    Raises:
        NietToegestaan: The actor is no controller.
        OngeldigVerzoek: The region has no gemeenten or zorgvormen, or a measure has no value for a year.
        RegelingOngeldig: The agreement does not fit the region.
    """
    _allow(actor)
    async with wereld.engine.connect() as connection:
        gegevens = await _gegevens(connection, keuze.jaar, (DOMEIN,), None, with_clients=False)
    agreement = make_agreement(keuze, gegevens.zorgvormen, gegevens.leden)
    history = History(mergers=tuple(gegevens.herindelingen))
    model = f"{keuze.model.value} ({keuze.maatstaf})" if keuze.model is Model.WAARBORG else keuze.model.value
    invoer = {
        "keuze": {"jaar": keuze.jaar, "model": keuze.model.value, "maatstaf": keuze.maatstaf, "jaren_terug": keuze.jaren_terug},
        "regeling": _plain(asdict(agreement)),
        **run_input(gegevens, keuze.jaar),
    }
    rows = tuple(settle(agreement, costs_from_months(gegevens.kosten), Measures(gegevens.maatstaven), history))
    return await _store(wereld, actor, keuze, model, gegevens, rows, invoer)


async def vereven_overeenkomst(wereld: Wereld, actor: Actor, document: Overeenkomst, jaar: int | None = None) -> Run:
    """Compute and store the verevening of a year by the agreement of the region, over the cost of the zorgvormen it names.

    Measures and mergers of the region count together with those of the document. Without a year it is the last year of the document
    that has begun.

    Raises:
        NietToegestaan: The actor is no controller.
        RegelingOngeldig: The document does not hold in this year, names what the region does not know, or misses a value.
        NietOndersteund: A layer per client over a part of the year.
    """
    _allow(actor)
    jaar = min(document.last_year, wereld.vandaag.year) if jaar is None else jaar
    agreement = of_year(document.agreement, jaar)
    categories = sorted({category for arrangement in agreement.arrangements for category in arrangement.categories})
    with_clients = has_client_layers(agreement, jaar)
    async with wereld.engine.connect() as connection:
        gegevens = await _gegevens(connection, jaar, DOMEINEN, categories, with_clients=with_clients)
    if bezwaren := list(_unknown_to_region(document, agreement, gegevens, jaar)):
        raise RegelingOngeldig(bezwaren)
    rows = tuple(
        settle(
            agreement,
            costs_from_months(gegevens.kosten, gegevens.clienten),
            Measures(document.measure_values(gegevens.maatstaven)),
            history_in(document, agreement, gegevens.herindelingen, jaar),
        )
    )
    invoer = {"overeenkomst": write_document(document), **run_input(gegevens, jaar)}
    model = f"{document.name} ({document.version})"
    return await _store(wereld, actor, Keuze(jaar=jaar, model=Model.OVEREENKOMST), model, gegevens, rows, invoer)


def _allow(actor: Actor) -> None:
    if not actor.heeft(Rol.CONTROLLER):
        raise NietToegestaan("Alleen een controller kan een verevening berekenen.")


async def _gegevens(
    connection: AsyncConnection, jaar: int, domeinen: Sequence[str], zorgvormen: Sequence[str] | None, *, with_clients: bool
) -> Gegevens:
    """Read everything of a run; of the zorgvormen named, or of all those of the domains."""
    known = [vorm for domein in domeinen for vorm in await store.zorgvormen(connection, domein)]
    wanted = [vorm for vorm in known if zorgvormen is None or vorm in zorgvormen]
    months = [month for domein in domeinen for month in await store.month_costs(connection, domein)]
    return Gegevens(
        zorgvormen=wanted,
        kosten=[month for month in months if month.zorgvorm in wanted],
        clienten=await store.client_year_costs(connection, jaar, wanted) if with_clients else None,
        leden=await store.leden(connection, jaar),
        herindelingen=await store.mergers(connection),
        maatstaven=await store.measure_values(connection),
        kosten_clienten_cent=await store.client_total_cent(connection, jaar, wanted),
    )


def _unknown_to_region(document: Overeenkomst, agreement: Agreement, gegevens: Gegevens, jaar: int) -> Iterator[Bezwaar]:
    """Gemeenten and zorgvormen that the region does not have in this year."""
    if not agreement.arrangements:
        yield Bezwaar(waar=f"overeenkomst {document.name}", zin=f"geen regeling geldt in {jaar}; kies een jaar dat zij noemt.")
    gemeenten = {lid.code for lid in gegevens.leden}
    for arrangement in agreement.arrangements:
        inside = [m for m in arrangement.members if (m.since or date.min) < arrangement.until and arrangement.since < (m.until or date.max)]
        for name in sorted({member.municipality for member in inside} - gemeenten):
            zin = f"gemeente '{name}' is er in {jaar} niet in de regio{nearest(name, sorted(gemeenten))}; verbeter de code of de data."
            yield Bezwaar(waar=f"regeling {arrangement.code}, leden", zin=zin)
        for name in sorted(set(arrangement.categories) - set(gegevens.zorgvormen)):
            zin = f"zorgvorm '{name}' kent de regio niet; verbeter de naam of voeg haar toe aan zorgvormen.csv."
            yield Bezwaar(waar=f"regeling {arrangement.code}, zorgvormen", zin=zin)


async def _store(
    wereld: Wereld, actor: Actor, keuze: Keuze, model: str, gegevens: Gegevens, rows: tuple[ShareRow, ...], invoer: dict[str, Any]
) -> Run:
    """Keep a run with all it was made from."""
    async with wereld.engine.begin() as connection:
        nr = await store.save_run(
            connection,
            gemaakt_op=wereld.nu,
            gemaakt_door=actor.naam,
            jaar=keuze.jaar,
            model=model,
            invoer=invoer,
            uitkomst=[row_as_dict(row) for row in rows],
        )
    return Run(
        run_nr=nr,
        keuze=keuze,
        rows=rows,
        kosten_cent=gegevens.kosten_cent(keuze.jaar),
        kosten_clienten_cent=gegevens.kosten_clienten_cent,
    )


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
        case Model.OVEREENKOMST:
            raise OngeldigVerzoek("Geef met --agreement het document van de overeenkomst.")
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


def run_input(gegevens: Gegevens, jaar: int) -> dict[str, Any]:
    """All that a run was made from next to its agreement, as plain data, so that it can be made again."""
    clienten = gegevens.clienten or ()
    return {
        "kosten": [[m.gemeente, m.zorgvorm, m.zorgmaand.isoformat(), m.bedrag_cent] for m in gegevens.kosten],
        "clienten": [[c.client, c.gemeente, c.zorgvorm, c.zorgjaar, c.bedrag_cent] for c in clienten],
        "maatstaven": [[v.measure, v.municipality, v.category or "", v.year, str(v.value)] for v in gegevens.maatstaven],
        "herindelingen": [[m.date.isoformat(), m.predecessor, m.successor, str(m.fraction)] for m in gegevens.herindelingen],
        "leden": [[lid.code, lid.geldig_van.isoformat(), lid.geldig_tot.isoformat() if lid.geldig_tot else ""] for lid in gegevens.leden],
        "kosten_cent": gegevens.kosten_cent(jaar),
        "kosten_clienten_cent": gegevens.kosten_clienten_cent,
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

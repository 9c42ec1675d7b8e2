"""Single rows of the region in PostgreSQL: pages of one kind, one row by its key, and what one load did; only what the reader may see.

Every query here reads as many rows as it gives, never the region. What counts is decided in `zichtbaar`; `ZICHT` says the same in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.adapters.database import Connection
from app.domain.partij import Actor, code_van
from app.parties.region import (
    PER_PERIODE,
    Aanbieder,
    Bankrekening,
    Bijdrage,
    Budget,
    Contract,
    Contractoptie,
    Deelname,
    Financiering,
    Gemeente,
    Herindeling,
    Maatstaf,
    Onderaannemer,
    PartijInstelling,
    Plafond,
    Productgroep,
    RegioProduct,
    Rij,
    Tarief,
    Voorschot,
    Zorgvorm,
)
from app.parties.store import SELECT, TABEL, als_rij


@dataclass(slots=True)
class Argumenten:
    """Values of a query in order of their placeholders."""

    waarden: list[Any] = field(default_factory=list)

    def __call__(self, waarde: Any) -> str:
        """The placeholder of a value."""
        self.waarden.append(waarde)
        return f"${len(self.waarden)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Genummerd:
    """A row and its id."""

    rij: Any
    nr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Zicht:
    """Who looks, as the conditions need it."""

    argument: Argumenten
    actor: Actor

    @property
    def agbs(self) -> str:
        """The AGB-codes it acts for."""
        return f"{self.argument([code_van(each) for each in sorted(self.actor.partijen) if each.startswith('aanbieder:')])}::text[]"

    @property
    def gemeenten(self) -> str:
        """The gemeentecodes whose contracts and money it sees."""
        return f"{self.argument(sorted(self.actor.gemeenten or ()))}::text[]"


def _openbaar(_zicht: Zicht) -> str:
    return "true"


def _besloten(_zicht: Zicht) -> str:
    return "false"


def _van_gemeente(zicht: Zicht) -> str:
    return f"r.gemeente = any({zicht.gemeenten})"


def _geldt_voor(tabel: str, zicht: Zicht) -> str:
    """A contract (`tabel` is its alias) that holds for one of the gemeenten of who looks."""
    if not zicht.actor.gemeenten:
        return "false"
    named = f"select from contract_gemeente g where g.contract_id = {tabel}.contract_id and g.gemeente = any({zicht.gemeenten})"
    return f"({tabel}.alle_gemeenten or exists ({named}))"


def _mag_declareren(tabel: str, zicht: Zicht) -> str:
    """A contract (`tabel` is its alias) on which one of the aanbieders of who looks may ever claim (`looptijd.houders_van`)."""
    partner = f"select a.contractpartner_agb from aanbieder a where a.vervallen_op is null and a.agb = any({zicht.agbs})"  # noqa: S608
    hoofd = (
        f"select from onderaannemer o where o.vervallen_op is null and o.declareert = 'eigen' and o.hoofdaannemer_agb = {tabel}.agb"
        f" and o.contract in ('', {tabel}.contract) and o.onderaannemer_agb = any({zicht.agbs})"
    )
    return f"({tabel}.agb = any({zicht.agbs}) or {tabel}.agb in ({partner}) or exists ({hoofd}))"


def _contract(zicht: Zicht) -> str:
    return f"({_mag_declareren('r', zicht)} or {_geldt_voor('r', zicht)})"


def _van_contract(zicht: Zicht) -> str:
    seen = f"{_mag_declareren('c', zicht)} or {_geldt_voor('c', zicht)}"
    return f"r.contract in (select c.contract from contract c where c.vervallen_op is null and ({seen}))"  # noqa: S608


def _van_contract_van_gemeente(zicht: Zicht) -> str:
    return f"r.contract in (select c.contract from contract c where c.vervallen_op is null and {_geldt_voor('c', zicht)})"  # noqa: S608


def _onderaannemer(zicht: Zicht) -> str:
    return "true" if zicht.actor.gemeenten else f"array[r.hoofdaannemer_agb, r.onderaannemer_agb] && {zicht.agbs}"


ZICHT: Mapping[type[Rij], Callable[[Zicht], str]] = {
    Gemeente: _openbaar,
    Herindeling: _openbaar,
    Aanbieder: _openbaar,
    Zorgvorm: _openbaar,
    Productgroep: _openbaar,
    RegioProduct: _openbaar,
    Contract: _contract,
    Contractoptie: _van_contract,
    Onderaannemer: _onderaannemer,
    Tarief: _van_contract,
    Financiering: _van_contract_van_gemeente,
    Plafond: _van_contract_van_gemeente,
    Deelname: _openbaar,
    Budget: _van_gemeente,
    Maatstaf: _van_gemeente,
    Voorschot: _besloten,
    Bijdrage: _besloten,
    PartijInstelling: _besloten,
    Bankrekening: _besloten,
}
"""Per kind which rows somebody sees who does not see the whole region."""


def zicht_op(soort: type[Rij], actor: Actor, argument: Argumenten) -> str:
    """The condition on rows `r` of one kind for what this actor sees."""
    if actor.gemeenten is None:
        return "true"
    return ZICHT[soort](Zicht(argument=argument, actor=actor))


def geldig_op(soort: type[Rij], dag: str) -> str:
    """The condition on rows `r` of a kind with a period for those valid on a day; of a contract its exercised options count too."""
    tot = "r.geldig_tot"
    if soort is Contract:
        verlengd = "select max(o.tot) from contractoptie o where o.vervallen_op is null and o.contract = r.contract"
        tot = f"greatest(r.geldig_tot, ({verlengd} and o.uitgeoefend_op is not null))"
    return f"r.geldig_van <= {dag}::date and (r.geldig_tot is null or {tot} >= {dag}::date)"


async def fetch_rijen(
    connection: Connection,
    soort: type[Rij],
    actor: Actor,
    *,
    filters: Mapping[str, Any],
    op: date | None,
    na: Mapping[str, Any] | None,
    limit: int,
) -> list[Genummerd]:
    """The rows that count now, in order of their keys, after the key `na`; columns and values as in `filters`, valid on `op`."""
    argument = Argumenten()
    conditions = ["r.vervallen_op is null", *(f"r.{kolom} = {argument(waarde)}" for kolom, waarde in filters.items())]
    if op is not None and soort in PER_PERIODE:
        conditions.append(geldig_op(soort, argument(op)))
    if na is not None:
        keys, values = ", ".join(f"r.{kolom}" for kolom in na), ", ".join(argument(waarde) for waarde in na.values())
        conditions.append(f"({keys}) > ({values})")
    conditions.append(zicht_op(soort, actor, argument))
    order = ", ".join(f"r.{kolom}" for kolom in soort.sleutel)
    query = f"{SELECT[soort]} r where {' and '.join(conditions)} order by {order} limit {argument(limit)}"
    return await _rijen(connection, soort, await connection.fetch(query, *argument.waarden))


async def fetch_rij(connection: Connection, soort: type[Rij], actor: Actor, sleutel: Mapping[str, Any]) -> Genummerd | None:
    """The row with this key that counts now; None when there is none, or not for this actor."""
    found = await fetch_rijen(connection, soort, actor, filters=sleutel, op=None, na=None, limit=1)
    return found[0] if found else None


async def fetch_nieuw(connection: Connection, soort: type[Rij], lading_nr: int) -> list[Genummerd]:
    """The rows that a load stored and that count now."""
    return await _rijen(
        connection, soort, await connection.fetch(f"{SELECT[soort]} where geladen_door_lading = $1 and vervallen_op is null", lading_nr)
    )


async def fetch_overgangen(
    connection: Connection, soort: type[Rij], lading_nr: int, *, skip: int, limit: int
) -> list[tuple[Rij | None, Rij | None]]:
    """What one load did to the rows of a kind, in order of their keys: the row that lapsed and the one with the same key that was stored."""
    tabel = TABEL[soort]
    keys = ", ".join(soort.sleutel)
    side = f"select {tabel.id} as nr, {keys} from {tabel.naam}"  # noqa: S608 - names are constants
    query = (
        f"select van.nr as van, naar.nr as naar from ({side} where vervallen_door_lading = $1) van"  # noqa: S608
        f" full join ({side} where geladen_door_lading = $1) naar using ({keys}) order by {keys} limit $2 offset $3"
    )
    pairs = await connection.fetch(query, lading_nr, limit, skip)
    ids = [nr for pair in pairs for nr in pair if nr is not None]
    rows = await connection.fetch(f"{SELECT[soort]} where {tabel.id} = any($1::bigint[])", ids)
    per_id = {each.nr: each.rij for each in await _rijen(connection, soort, rows)}
    return [(per_id.get(pair["van"]), per_id.get(pair["naar"])) for pair in pairs]


async def _rijen(connection: Connection, soort: type[Rij], rows: Sequence[Any]) -> list[Genummerd]:
    """Rows of a table as values; of contracts with the gemeenten they name, in one query more."""
    gemeenten = await _gemeenten_van(connection, [row[0] for row in rows]) if soort is Contract else {}
    return [Genummerd(rij=als_rij(soort, row, gemeenten), nr=row[0]) for row in rows]


async def _gemeenten_van(connection: Connection, contract_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    rows = await connection.fetch(
        "select contract_id, array_agg(gemeente order by gemeente) as gemeenten from contract_gemeente"
        " where contract_id = any($1::bigint[]) group by contract_id",
        list(contract_ids),
    )
    return {row["contract_id"]: tuple(row["gemeenten"]) for row in rows}

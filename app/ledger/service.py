"""Asking the ledger: balances and transfers for an actor, and the proof that the books are right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true, union_all

from app.adapters.database import transaction
from app.adapters.tables import boeking, rekening, saldo, saldo_delta
from app.adapters.wereld import Wereld
from app.domain.partij import Actor, code_van
from app.ledger import store, store_verificatie

ITEMS_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SaldoFilter:
    """Which balances; None means all. Months are named by their first day; `tot_en_met` is a boekmaand, included.

    By `zorgjaar` cost counts in the year the care was given, by `boekjaar` in the year it was booked: the two bases of every report.
    """

    rekening: str | None = None
    gemeente: str | None = None
    aanbieder: str | None = None
    zorgvorm: str | None = None
    zorgmaand: date | None = None
    boekmaand: date | None = None
    zorgjaar: int | None = None
    boekjaar: int | None = None
    tot_en_met: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaldoRegel:
    """A balance in cents, debit positive."""

    rekening: str
    gemeente: str
    aanbieder: str
    domein: str
    zorgvorm: str
    zorgmaand: date
    boekmaand: date
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Controle:
    """One verification: its sentence, and the rows that contradict it (at most 100)."""

    regel: str
    tegenspraken: list[dict[str, object]]

    @property
    def klopt(self) -> bool:
        """Whether nothing contradicts it."""
        return not self.tegenspraken


async def verify(wereld: Wereld) -> list[Controle]:
    """Recompute the books from the transfers and compare, in one snapshot of the database."""
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        return [Controle(regel=regel, tegenspraken=rows) for regel, rows in await store_verificatie.contradictions(connection)]


async def fold(wereld: Wereld) -> bool:
    """Add the balance deltas up; False when another process is doing so."""
    async with transaction(wereld.pool) as connection:
        return await store.fold_saldi(connection)


async def saldi(wereld: Wereld, actor: Actor, wanted: SaldoFilter, *, na: int = 0, limit: int = ITEMS_MAX) -> list[SaldoRegel]:
    """Balances per rekening, domein, zorgvorm, zorgmaand and boekmaand that the actor may see; `na` rows are skipped."""
    names = ("rekening_nr", "domein", "zorgvorm", "zorgmaand", "boekmaand", "bedrag_cent")
    both = union_all(*(select(*(table.c[name] for name in names)) for table in (saldo, saldo_delta))).subquery()
    key = (
        rekening.c.soort.label("rekening"),
        rekening.c.gemeente,
        rekening.c.agb.label("aanbieder"),
        both.c.domein,
        both.c.zorgvorm,
        both.c.zorgmaand,
        both.c.boekmaand,
    )
    statement: Select[Any] = (
        select(*key, func.sum(both.c.bedrag_cent).label("bedrag_cent"))
        .join(rekening, rekening.c.rekening_nr == both.c.rekening_nr)
        .where(visible(actor), *_conditions(wanted, both.c))
        .group_by(*key)
        .order_by(*key)
        .offset(na)
        .limit(limit)
    )
    async with wereld.engine.connect() as connection:
        rows = (await connection.execute(statement)).mappings()
        return [SaldoRegel(**{**row, "bedrag_cent": int(row["bedrag_cent"])}) for row in rows]


def visible(actor: Actor) -> ColumnElement[bool]:
    """Which accounts an actor may see: those of its gemeenten, and of its own AGB-codes."""
    if actor.gemeenten is None:
        return true()
    agbs = [code_van(partij) for partij in actor.partijen if partij.startswith("aanbieder:")]
    return or_(rekening.c.gemeente.in_(actor.gemeenten), and_(literal(bool(agbs)), rekening.c.agb.in_(agbs)))


def _conditions(wanted: SaldoFilter, columns: Any) -> list[ColumnElement[bool]]:
    pairs = (
        (rekening.c.soort, wanted.rekening),
        (rekening.c.gemeente, wanted.gemeente),
        (rekening.c.agb, wanted.aanbieder),
        (columns.zorgvorm, wanted.zorgvorm),
        (columns.zorgmaand, wanted.zorgmaand),
        (columns.boekmaand, wanted.boekmaand),
    )
    conditions = [column == value for column, value in pairs if value is not None]
    for column, jaar in ((columns.zorgmaand, wanted.zorgjaar), (columns.boekmaand, wanted.boekjaar)):
        if jaar is not None:
            conditions.append(column.between(date(jaar, 1, 1), date(jaar, 12, 1)))
    if wanted.tot_en_met is not None:
        conditions.append(columns.boekmaand <= wanted.tot_en_met)
    return conditions


async def boekingen(wereld: Wereld, actor: Actor, bericht_nr: int, *, na: int = 0, limit: int = ITEMS_MAX) -> list[dict[str, object]]:
    """The transfers that a bericht led to, after line `na`, for an actor who may see their accounts."""
    debet, credit = rekening.alias("debet_rekening"), rekening.alias("credit_rekening")
    columns = [c for c in boeking.c if c.name not in ("debet", "credit", "client_id")]
    seen = visible(actor)
    statement = (
        select(
            *columns,
            *(
                side.c[name].label(f"{label}_{name}")
                for label, side in (("debet", debet), ("credit", credit))
                for name in ("soort", "gemeente", "agb")
            ),
        )
        .join(debet, debet.c.rekening_nr == boeking.c.debet)
        .join(credit, credit.c.rekening_nr == boeking.c.credit)
        .where(
            boeking.c.bericht_nr == bericht_nr,
            boeking.c.regel > na,
            select(rekening.c.rekening_nr).where(rekening.c.rekening_nr.in_((boeking.c.debet, boeking.c.credit)), seen).exists(),
        )
        .order_by(boeking.c.regel, boeking.c.soort, boeking.c.volgnr)
        .limit(limit)
    )
    async with wereld.engine.connect() as connection:
        return [dict(row) for row in (await connection.execute(statement)).mappings()]

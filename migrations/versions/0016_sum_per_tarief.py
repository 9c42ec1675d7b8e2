"""Keep two sums that pages added up from all rows: granted per tariff line and month of care, and committed per aanbieder.

Both grow by inserted deltas that the sweeper folds, as `saldo` does. What is granted follows the rows of `prestatie` by triggers on whole
statements, because those rows change in more than one place (judging, judging again, a credit) and a reader must never see them disagree; 28 000
lines that come in with one COPY cost one aggregate. What is committed is told by who books it, because a transfer does not name the aanbieder.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None

_CENT = "case when is_credit then -bedrag_cent else bedrag_cent end"
_RIJ = "tarief_id, zorgvorm, date_trunc('month', begindatum::timestamp)::date as zorgmaand"
_TELT = "toegekend and tarief_id is not null"
_INVOEGEN = "insert into tarief_saldo_delta (tarief_id, zorgvorm, zorgmaand, bedrag_cent) select tarief_id, zorgvorm, zorgmaand, sum(cent)"
_SOM = "group by tarief_id, zorgvorm, zorgmaand having sum(cent) <> 0"

STATEMENTS = (
    """
    create table tarief_saldo (
        tarief_id       bigint not null,
        zorgvorm        text not null,
        zorgmaand       date not null,
        bedrag_cent     bigint not null,
        primary key (tarief_id, zorgvorm, zorgmaand)
    )
    """,
    "comment on table tarief_saldo is 'granted cents (credits taken off) per tariff line, zorgvorm as booked and month of the first day of care'",
    """
    create table tarief_saldo_delta (
        delta_nr        bigint generated always as identity primary key,
        tarief_id       bigint not null,
        zorgvorm        text not null,
        zorgmaand       date not null,
        bedrag_cent     bigint not null
    )
    """,
    """
    create table verplichting_saldo (
        domein          text not null,
        agb             text not null,
        gemeente        text not null,
        zorgvorm        text not null,
        zorgmaand       date not null,
        bedrag_cent     bigint not null,
        primary key (domein, agb, gemeente, zorgvorm, zorgmaand)
    )
    """,
    "comment on table verplichting_saldo is 'committed cents per aanbieder and gemeente that bears the care; adds up to the accounts verplichting'",
    """
    create table verplichting_saldo_delta (
        delta_nr        bigint generated always as identity primary key,
        domein          text not null,
        agb             text not null,
        gemeente        text not null,
        zorgvorm        text not null,
        zorgmaand       date not null,
        bedrag_cent     bigint not null
    )
    """,
    f"""
    create function tel_prestaties() returns trigger language plpgsql as $$
    begin
        if tg_op = 'INSERT' then
            {_INVOEGEN} from (select {_RIJ}, {_CENT} as cent from nieuw where {_TELT}) p {_SOM};
        elsif tg_op = 'UPDATE' then
            {_INVOEGEN} from (select {_RIJ}, {_CENT} as cent from nieuw where {_TELT}
                               union all select {_RIJ}, -({_CENT}) from oud where {_TELT}) p {_SOM};
        else
            {_INVOEGEN} from (select {_RIJ}, -({_CENT}) as cent from oud where {_TELT}) p {_SOM};
        end if;
        return null;
    end $$
    """,  # noqa: S608 - parts of this file, no values
    """
    create trigger prestatie_erbij after insert on prestatie referencing new table as nieuw
        for each statement execute function tel_prestaties()
    """,
    """
    create trigger prestatie_anders after update on prestatie referencing old table as oud new table as nieuw
        for each statement execute function tel_prestaties()
    """,
    """
    create trigger prestatie_eraf after delete on prestatie referencing old table as oud
        for each statement execute function tel_prestaties()
    """,
    f"""
    insert into tarief_saldo (tarief_id, zorgvorm, zorgmaand, bedrag_cent)
    select tarief_id, zorgvorm, zorgmaand, sum(cent) from (select {_RIJ}, {_CENT} as cent from prestatie where {_TELT}) p
     group by tarief_id, zorgvorm, zorgmaand
    """,  # noqa: S608 - parts of this file, no values
    """
    insert into verplichting_saldo (domein, agb, gemeente, zorgvorm, zorgmaand, bedrag_cent)
    select b.domein, coalesce(m.agb, regexp_replace(h.sleutel, '^.*:', ''), ''), r.gemeente, b.zorgvorm, b.zorgmaand,
           sum(case when r.rekening_nr = b.debet then b.bedrag_cent else -b.bedrag_cent end)
      from boeking b
      join rekening r on r.soort = 'verplichting' and r.rekening_nr in (b.debet, b.credit)
      left join bericht m on m.bericht_nr = b.bericht_nr
      left join handeling h on h.bericht_nr = b.bericht_nr
     where b.soort = 'verplichting'
     group by 1, 2, 3, 4, 5
    """,
)


def upgrade() -> None:
    """Add the tables, the triggers, and what they say of the rows that are there."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them away; the rows they were summed from stay."""
    for name in ("prestatie_erbij", "prestatie_anders", "prestatie_eraf"):
        op.execute(f"drop trigger {name} on prestatie")
    op.execute("drop function tel_prestaties()")
    for table in ("verplichting_saldo_delta", "verplichting_saldo", "tarief_saldo_delta", "tarief_saldo"):
        op.execute(f"drop table {table}")

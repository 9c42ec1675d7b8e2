"""Tell people once what began, ended or is nearly due, and find the newest rejections by their number.

What is there when this migration runs is known already and told to nobody.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None

STATEMENTS = (
    "create unique index bericht_oorzaak_rij on bericht_oorzaak (rij_nr)",
    """
    create table melding (
        melding_nr      bigint generated always as identity primary key,
        soort           text not null check (soort in ('oorzaak_nieuw', 'oorzaak_voorbij', 'vasthouding_eindigt', 'termijnen')),
        sleutel         text not null unique,
        gemeente        text,
        voor_regio      boolean not null,
        onderwerp       text not null,
        aantal          integer not null check (aantal > 0),
        dag             date not null,
        gemaakt_op      timestamptz not null,
        check (voor_regio or gemeente is not null)
    )
    """,
    "comment on table melding is 'what people are told once; thrown away after sixty days'",
    "comment on column melding.sleutel is 'what it is about and which time: the same is never told twice'",
    "comment on column melding.voor_regio is 'for who works for the whole region; gemeente: for who works for that one'",
    "comment on column melding.onderwerp is 'a cause, the number of a bericht, or empty'",
    "create index melding_regio on melding (melding_nr) where voor_regio",
    "create index melding_gemeente on melding (gemeente, melding_nr)",
    """
    create table melding_gelezen (
        naam            text not null,
        melding_nr      bigint not null references melding on delete cascade,
        primary key (naam, melding_nr)
    )
    """,
    "create index melding_gelezen_melding on melding_gelezen (melding_nr)",
    """
    create table oorzaak_stand (
        oorzaak         text not null,
        gemeente        text not null,
        is_open         boolean not null,
        keer            integer not null,
        laatst          date not null,
        rij_nr          bigint not null,
        primary key (oorzaak, gemeente)
    )
    """,
    "comment on table oorzaak_stand is 'whether a cause of uitval goes on, in a gemeente or (empty) in the region, as far as was told'",
    "create index oorzaak_stand_open on oorzaak_stand (laatst) where is_open",
    """
    create table melding_stand (
        eenmalig        boolean primary key default true check (eenmalig),
        rij_nr          bigint not null,
        opvolging_nr    bigint not null
    )
    """,
    "comment on table melding_stand is 'how far bericht_oorzaak and oorzaak_opvolging were read; one row, locked by who reads on'",
    """
    insert into melding_stand (rij_nr, opvolging_nr)
    select (select coalesce(max(rij_nr), 0) from bericht_oorzaak), (select coalesce(max(opvolging_nr), 0) from oorzaak_opvolging)
    """,
    """
    insert into oorzaak_stand (oorzaak, gemeente, is_open, keer, laatst, rij_nr)
    select oorzaak, coalesce(gemeente, ''), true, 1, max(ontvangst_datum), max(rij_nr)
      from (select case when deur then 'geweigerd.' else 'afgekeurd.' end || regel || '.' || retourcode || '.' || split_part(van, ':', 1)
                   as oorzaak, gemeente, ontvangst_datum, rij_nr
              from bericht_oorzaak where ontvangst_datum > current_date - 14) o
     group by grouping sets ((oorzaak, gemeente), (oorzaak))
    having grouping(gemeente) = 1 or gemeente is not null
    """,
)


def upgrade() -> None:
    """Make the tables, and begin at what is there."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them away; what was not read is lost."""
    op.execute("drop table melding_stand")
    op.execute("drop table oorzaak_stand")
    op.execute("drop table melding_gelezen")
    op.execute("drop table melding")
    op.execute("drop index bericht_oorzaak_rij")

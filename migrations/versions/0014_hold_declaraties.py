"""Hold a declaratie before it is judged: who held it, why and until when, what waits behind it, and rules that hold all of one aanbieder.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None

STATEMENTS = (
    """
    create table vasthoudregel (
        regel_nr        bigint generated always as identity primary key,
        agb             text not null check (agb ~ '^[0-9]{8}$'),
        domein          text check (domein in ('ijw', 'iwmo')),
        gemeente        text check (gemeente ~ '^[0-9]{4}$'),
        reden           text not null check (length(reden) between 1 and 500),
        sinds           timestamptz not null,
        door            text not null,
        tot             date not null,
        beeindigd_op    timestamptz,
        beeindigd_door  text,
        check (num_nonnulls(beeindigd_op, beeindigd_door) <> 1)
    )
    """,
    "comment on table vasthoudregel is 'hold every declaratie of this aanbieder that comes in, until the last day of the rule'",
    "comment on column vasthoudregel.gemeente is 'null: of every gemeente; domein likewise'",
    "create index vasthoudregel_agb on vasthoudregel (agb) where beeindigd_op is null",
    """
    create table vasthouding (
        vasthouding_nr  bigint generated always as identity primary key,
        bericht_nr      bigint not null references bericht,
        domein          text not null,
        agb             text not null,
        gemeente        text not null,
        volgt           boolean not null,
        regel_nr        bigint references vasthoudregel,
        reden           text check (length(reden) between 1 and 500),
        sinds           timestamptz not null,
        door            text not null,
        vrij_op         timestamptz,
        vrij_door       text,
        constraint vasthouding_reden check (volgt = (reden is null) and (not volgt or regel_nr is null)),
        constraint vasthouding_vrij check (num_nonnulls(vrij_op, vrij_door) <> 1)
    )
    """,
    "comment on table vasthouding is 'every time that a declaratie was held; open while vrij_op is null'",
    "comment on column vasthouding.volgt is 'not held itself: it waits behind an earlier one of the same aanbieder, gemeente and domein'",
    "create unique index vasthouding_open on vasthouding (bericht_nr) where vrij_op is null",
    "create index vasthouding_bericht on vasthouding (bericht_nr)",
    "create index vasthouding_baan on vasthouding (domein, agb, gemeente, bericht_nr) where vrij_op is null",
)


def upgrade() -> None:
    """Add two tables; nothing was held before."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them away; what is held waits to be judged again."""
    op.execute(
        """
        insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op)
        select 'verwerken', bericht_nr, domein, agb, domein || '.' || soort || '.' || split_part(aan, ':', 2), grootte > 1000000, now()
          from bericht where status = 'vastgehouden'
        """
    )
    op.execute("update bericht set status = 'ontvangen', pogingen = 0 where status = 'vastgehouden'")
    op.execute("drop table vasthouding")
    op.execute("drop table vasthoudregel")

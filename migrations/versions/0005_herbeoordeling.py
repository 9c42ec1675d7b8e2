"""Add judging again: who did it and why, the lanes it concerns, and every line of which the outcome changes.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

STATEMENTS = (
    "alter table prestatie add column volgnr smallint not null default 0",
    "comment on column prestatie.volgnr is 'volgnr of its last boeking: the one that books it while it is granted; 0 also without any'",
    """
    create table herbeoordeling (
        herbeoordeling_nr bigint generated always as identity primary key,
        reden           text not null,
        lading_nr       bigint references regio_lading,
        contract        text,
        van             date,
        tot             date,
        nieuw_antwoord  boolean not null,
        status          text not null check (status in ('concept', 'uitgevoerd', 'vervallen')),
        gemaakt_op      timestamptz not null,
        gemaakt_door    text not null,
        afgerond_op     timestamptz,
        afgerond_door   text,
        check ((lading_nr is null) <> (contract is null)),
        check ((contract is null) = (van is null) and (van is null) = (tot is null) and van <= tot),
        check ((status = 'concept') = (afgerond_op is null))
    )
    """,
    "comment on column herbeoordeling.lading_nr is 'concerns what this load of the region and those after it changed; else contract, van..tot'",
    "comment on column herbeoordeling.nieuw_antwoord is 'whether an aanbieder gets a new 325 where its outcome changes'",
    """
    create table herbeoordeling_baan (
        herbeoordeling_nr bigint not null references herbeoordeling,
        domein          text not null,
        agb             text not null,
        vanaf_oordeel_nr bigint not null,
        declaraties     integer not null,
        regels          integer not null,
        vingerafdruk    bytea not null,
        status          text not null check (status in ('concept', 'uitgevoerd', 'achterhaald')),
        primary key (herbeoordeling_nr, domein, agb)
    )
    """,
    "comment on column herbeoordeling_baan.vanaf_oordeel_nr is 'the 323s of the lane are judged again from this one on, in order of judging'",
    "comment on column herbeoordeling_baan.vingerafdruk is 'digest of every line that changes: what is carried out must be what was shown'",
    """
    create table herbeoordeling_regel (
        herbeoordeling_nr bigint not null,
        bericht_nr      bigint not null,
        regel           integer not null,
        domein          text not null,
        agb             text not null,
        gemeente        text not null,
        zorgmaand       date not null,
        is_credit       boolean not null,
        bedrag_cent     integer not null,
        was_toegekend   boolean not null,
        was_codes       text[] not null,
        was_zorgvorm    text not null,
        was_drager      text not null,
        wordt_toegekend boolean not null,
        wordt_codes     text[] not null,
        wordt_zorgvorm  text not null,
        wordt_drager    text not null,
        primary key (herbeoordeling_nr, bericht_nr, regel),
        foreign key (herbeoordeling_nr, domein, agb) references herbeoordeling_baan on delete cascade
    )
    """,
    "create index herbeoordeling_regel_bericht on herbeoordeling_regel (bericht_nr)",
    "create index herbeoordeling_regel_baan on herbeoordeling_regel (herbeoordeling_nr, domein, agb)",
)


def upgrade() -> None:
    """Add tables and a column with a default; a running version books as before."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them away, with what they hold."""
    for tabel in ("herbeoordeling_regel", "herbeoordeling_baan", "herbeoordeling"):
        op.execute(f"drop table {tabel}")
    op.execute("alter table prestatie drop column volgnr")

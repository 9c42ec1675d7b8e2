"""Add requests of aanbieders (315, 317) and the legal clock: who must act on a bericht, and when that was done.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

STATEMENTS = (
    """
    create table verzoek (
        bericht_nr      bigint not null,
        volgnr          integer not null,
        domein          text not null,
        agb             text not null,
        gemeente        text not null,
        client_id       bigint not null references client,
        soort           text not null check (soort in ('315', '317')),
        referentie_aanbieder text not null,
        ontvangst_datum date not null,
        categorie       text,
        code            text,
        reden_verzoek   text,
        status          text not null default 'open' check (status in ('open', 'in_onderzoek', 'toegewezen', 'afgewezen')),
        antwoordtermijn date not null,
        onderzoekstermijn date not null,
        woonplaatstermijn date,
        beslistermijn   date generated always as (case when onderzoek_nr is null then antwoordtermijn else onderzoekstermijn end) stored,
        onderzoek_nr    bigint,
        besluit_nr      bigint,
        besluit_datum   date,
        primary key (bericht_nr, volgnr),
        unique (domein, agb, referentie_aanbieder)
    )
    """,
    "comment on column verzoek.beslistermijn is 'last day to decide: 5 working days, 8 weeks once in onderzoek (OP274, OP346)'",
    "comment on column verzoek.woonplaatstermijn is 'last day to refuse by the woonplaatsbeginsel: 2 weeks (OP359); only a 315 of iJw'",
    "comment on column verzoek.onderzoek_nr is 'the 319 that said in onderzoek; besluit_nr is the 301 or 319 that decided'",
    "create index verzoek_onderhanden on verzoek (domein, agb, client_id) where besluit_nr is null",
    "create index verzoek_termijn on verzoek (beslistermijn, bericht_nr, volgnr) where besluit_nr is null",
    "create index verzoek_besluit on verzoek (besluit_nr) where besluit_nr is not null",
    "create index verzoek_onderzoek on verzoek (onderzoek_nr) where onderzoek_nr is not null",
    "create index verzoek_gemeente on verzoek (gemeente, bericht_nr)",
    "alter table bericht add column termijn_wie text",
    "alter table bericht add column termijn_voldaan_op date",
    "comment on column bericht.termijn_wie is 'who must act before termijn: regio (we answer) or the partij whose retourbericht is awaited'",
    "comment on column bericht.termijn_voldaan_op is 'local day on which the answer was made or came; null while the term runs'",
    """
    update bericht b
       set termijn_wie = case when b.soort in ('301', '319') then b.aan else 'regio' end,
           termijn_voldaan_op = (select a.ontvangst_datum from bericht a where a.bericht_nr = b.antwoord_nr)
     where b.termijn is not null
    """,
    "create index bericht_termijn_open on bericht (termijn, bericht_nr) where termijn is not null and termijn_voldaan_op is null",
    "drop index bericht_termijn",
)


def upgrade() -> None:
    """Add; nothing that a running version reads goes away but an index."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the table and the columns away, with what they hold."""
    op.execute("create index bericht_termijn on bericht (termijn) where termijn is not null and antwoord_nr is null")
    op.execute("drop index bericht_termijn_open")
    op.execute("alter table bericht drop column termijn_wie, drop column termijn_voldaan_op")
    op.execute("drop table verzoek")

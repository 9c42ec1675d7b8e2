"""Let an act that moves much wait for a second person before it books.

The act itself is stored at once and never changes; here stands what it would book and what became of it.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None

STATEMENTS = (
    """
    create table handeling_voorstel (
        handeling_nr    bigint primary key references handeling,
        soort           text not null,
        sleutel         text not null,
        bedrag_cent     bigint not null check (bedrag_cent > 0),
        vingerafdruk    bytea not null check (length(vingerafdruk) = 32),
        status          text not null check (status in ('wacht', 'geboekt', 'ingetrokken')),
        besloten_op     timestamptz,
        besloten_door   text,
        besluit_reden   text not null default '',
        constraint handeling_voorstel_besluit check (num_nonnulls(besloten_op, besloten_door) = case when status = 'wacht' then 0 else 2 end)
    )
    """,
    "comment on table handeling_voorstel is 'an act that waits, or waited, for a second person before it booked'",
    "comment on column handeling_voorstel.vingerafdruk is 'SHA-256 of the transfers that were shown: it books these or nothing'",
    "create unique index handeling_voorstel_wacht on handeling_voorstel (soort, sleutel) where status = 'wacht'",
    """
    create function keur_voorstel() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' or old.status <> 'wacht'
           or row (old.handeling_nr, old.soort, old.sleutel, old.bedrag_cent, old.vingerafdruk)
              is distinct from row (new.handeling_nr, new.soort, new.sleutel, new.bedrag_cent, new.vingerafdruk) then
            raise exception 'een voorstel is onveranderlijk, behalve dat er één keer over wordt besloten'
                  using errcode = 'integrity_constraint_violation';
        end if;
        if new.status = 'geboekt'
           and not exists (select from handeling h where h.bericht_nr = new.handeling_nr and h.goedgekeurd_door is not null) then
            raise exception 'een voorstel wordt pas geboekt als een tweede persoon het heeft goedgekeurd'
                  using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end $$
    """,
    "create trigger handeling_voorstel_blijft before update or delete on handeling_voorstel for each row execute function keur_voorstel()",
)


def upgrade() -> None:
    """Add a table; acts that were booked are not in it."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take it away; an act that waited books nothing any more."""
    op.execute("drop table handeling_voorstel")
    op.execute("drop function keur_voorstel")

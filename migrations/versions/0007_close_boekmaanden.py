"""Add what a closed month is made of, order and chain of closings, and the outcome of the last verification.

Closing a month closes what is before it: months that were passed over, because they held nothing, take no transfers either.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    """
    create table maand_afsluiting_bron (
        boekmaand       date not null,
        bericht_nr      bigint not null,
        aantal          integer not null check (aantal > 0),
        bedrag_cent     bigint not null check (bedrag_cent > 0),
        hash            bytea not null check (octet_length(hash) = 32),
        primary key (boekmaand, bericht_nr)
    )
    """,
    "comment on table maand_afsluiting_bron is 'what each bericht or act booked in a closed month; the hash of the month is made of these'",
    """
    create table verificatie (
        verificatie_nr  bigint generated always as identity primary key,
        begonnen_op     timestamptz not null,
        klaar_op        timestamptz not null,
        door            text not null,
        klopt           boolean not null,
        uitkomst        jsonb not null
    )
    """,
    "comment on column verificatie.uitkomst is 'each sentence with the rows that contradict it; numbers, no personal data'",
    # Transfers come in order of their boekdatum but for a few, so some pages of summary find a month among ten million.
    "create index boeking_boekdatum on boeking using brin (boekdatum) with (pages_per_range = 64, autosummarize = on)",
)

KEUR_BOEKINGEN = """
    create or replace function keur_boekingen() returns trigger language plpgsql as $$
    declare
        fout record;
    begin
        perform pg_advisory_xact_lock_shared(hashtextextended('solidair maand afsluiten', 0));
        {gesloten}
        if found then
            raise exception 'boekmaand % is afgesloten', to_char(fout.boekmaand, 'YYYY-MM')
                  using errcode = 'check_violation', constraint = 'boeking_maand_open';
        end if;
        select n.*, d.soort as van, c.soort as naar, d.gemeente, c.gemeente as andere_gemeente into fout
          from (select distinct soort, debet, credit, storno_van is not null as noemt, client_id is not null as met_client from nieuw) n
          left join rekening d on d.rekening_nr = n.debet
          left join rekening c on c.rekening_nr = n.credit
          left join gebeurtenis g on g.soort = n.soort and g.debet = d.soort and g.credit = c.soort
         where g.soort is null or g.noemt_eerdere <> n.noemt or (g.client = 'altijd' and not n.met_client) or (g.client = 'nooit' and n.met_client)
            or (d.gemeente <> c.gemeente and d.gemeente <> '' and c.gemeente <> '') or (d.agb <> c.agb and d.agb <> '' and c.agb <> '')
         limit 1;
        if found then
            raise exception 'een boeking % van % (%) naar % (%) past niet in het rekeningschema',
                  fout.soort, fout.van, fout.gemeente, fout.naar, fout.andere_gemeente
                  using errcode = 'check_violation', constraint = 'boeking_gebeurtenis',
                        detail = format('noemt een eerdere boeking: %s, noemt een client: %s', fout.noemt, fout.met_client);
        end if;
        return null;
    end $$
"""
GESLOTEN_DAARVOOR = """select m.boekmaand into fout from maand_afsluiting m
         where m.boekmaand in (select date_trunc('month', dag)::date from (select distinct boekdatum as dag from nieuw) n) limit 1;"""
GESLOTEN_TOT = """select date_trunc('month', n.dag)::date as boekmaand into fout from (select min(boekdatum) as dag from nieuw) n
         where n.dag < (select max(boekmaand) + interval '1 month' from maand_afsluiting);"""

FUNCTIONS = (
    """
    create function keur_afsluiting() returns trigger language plpgsql as $$
    declare
        vorige record;
    begin
        select boekmaand, hash into vorige from maand_afsluiting order by boekmaand desc limit 1;
        if vorige.boekmaand >= new.boekmaand or vorige.hash is distinct from new.vorige_hash then
            raise exception 'boekmaand % sluit niet aan op %', to_char(new.boekmaand, 'YYYY-MM'), to_char(vorige.boekmaand, 'YYYY-MM')
                  using errcode = 'check_violation', constraint = 'maand_afsluiting_keten';
        end if;
        return new;
    end $$
    """,
    """
    create function keur_afsluiting_bronnen() returns trigger language plpgsql as $$
    begin
        if exists (select from maand_afsluiting m where m.boekmaand in (select distinct boekmaand from nieuw)) then
            raise exception 'deze boekmaand is al afgesloten' using errcode = 'check_violation', constraint = 'maand_afsluiting_bron_open';
        end if;
        return null;
    end $$
    """,
)
TRIGGERS = (
    "create trigger maand_afsluiting_keten before insert on maand_afsluiting for each row execute function keur_afsluiting()",
    "create trigger maand_afsluiting_bron_open after insert on maand_afsluiting_bron referencing new table as nieuw for each statement"
    " execute function keur_afsluiting_bronnen()",
    "create trigger maand_afsluiting_bron_onveranderlijk before update or delete or truncate on maand_afsluiting_bron for each statement"
    " execute function weiger_verandering()",
)
UNDO = (
    "drop trigger maand_afsluiting_keten on maand_afsluiting",
    "drop index boeking_boekdatum",
    "drop table maand_afsluiting_bron, verificatie",
    "drop function keur_afsluiting, keur_afsluiting_bronnen",
)


def upgrade() -> None:
    """Add tables, index and triggers; a running version books as before."""
    for statement in (*TABLES, *FUNCTIONS, *TRIGGERS, KEUR_BOEKINGEN.replace("{gesloten}", GESLOTEN_TOT)):
        op.execute(statement)


def downgrade() -> None:
    """Take them away; closed months stay closed, and what they were made of is gone."""
    for statement in (*UNDO, KEUR_BOEKINGEN.replace("{gesloten}", GESLOTEN_DAARVOOR)):
        op.execute(statement)

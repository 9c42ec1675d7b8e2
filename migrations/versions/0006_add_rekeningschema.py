"""Add the chart of accounts and the events to the books, acts, commitments and closed months; the database refuses what does not fit them.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

REKENINGSOORTEN = (
    ("kosten", "gemeente", "debet"),
    ("kosten_lokaal", "gemeente", "debet"),
    ("crediteur", "aanbieder", "credit"),
    ("verplichting", "gemeente", "debet"),
    ("verplichting_tegen", "gemeente", "credit"),
    ("voorschot", "aanbieder", "debet"),
    ("voorschot_svb", "gemeente", "debet"),
    ("onderweg", "aanbieder", "credit"),
    ("bank", "gemeente", "debet"),
    ("inleg", "gemeente", "debet"),
    ("verevening", "gemeente", "debet"),
    ("organisatiekosten", "gemeente", "debet"),
    ("kas", "regio", "credit"),
)
"""soort, whose, normal side."""
GEBEURTENISSEN = (
    ("prestatie", "kosten", "crediteur", False, False, "bericht", "altijd"),
    ("prestatie", "crediteur", "kosten", True, True, "bericht", "altijd"),
    ("prestatie_credit", "crediteur", "kosten", False, True, "bericht", "altijd"),
    ("prestatie_credit", "kosten", "crediteur", True, True, "bericht", "altijd"),
    ("verplichting", "verplichting", "verplichting_tegen", False, False, "beide", "mag"),
    ("verplichting", "verplichting_tegen", "verplichting", True, False, "beide", "mag"),
    ("lumpsum_termijn", "kosten", "crediteur", False, False, "handeling", "nooit"),
    ("lumpsum_termijn", "crediteur", "kosten", True, False, "handeling", "nooit"),
    ("subsidie_termijn", "kosten", "crediteur", False, False, "handeling", "nooit"),
    ("subsidie_termijn", "crediteur", "kosten", True, False, "handeling", "nooit"),
    ("garantie_termijn", "voorschot", "crediteur", False, False, "handeling", "nooit"),
    ("garantie_termijn", "crediteur", "voorschot", True, False, "handeling", "nooit"),
    ("garantie_aanvulling", "kosten", "crediteur", False, False, "handeling", "nooit"),
    ("garantie_aanvulling", "crediteur", "kosten", True, False, "handeling", "nooit"),
    ("voorschot", "voorschot", "bank", False, False, "handeling", "nooit"),
    ("voorschot", "bank", "voorschot", True, False, "handeling", "nooit"),
    ("voorschot_verrekend", "crediteur", "voorschot", False, False, "handeling", "nooit"),
    ("voorschot_verrekend", "voorschot", "crediteur", True, False, "handeling", "nooit"),
    ("betaalopdracht", "crediteur", "onderweg", False, False, "handeling", "nooit"),
    ("betaalopdracht", "onderweg", "crediteur", True, False, "handeling", "nooit"),
    ("betaling", "crediteur", "bank", False, False, "handeling", "nooit"),
    ("betaling", "bank", "crediteur", True, True, "handeling", "nooit"),
    ("betaling", "onderweg", "bank", False, False, "handeling", "nooit"),
    ("betaling", "bank", "onderweg", True, True, "handeling", "nooit"),
    ("afrekening", "kosten", "crediteur", False, False, "handeling", "mag"),
    ("afrekening", "crediteur", "kosten", True, False, "handeling", "mag"),
    ("afrekening_terug", "bank", "voorschot", False, False, "handeling", "nooit"),
    ("afrekening_terug", "voorschot", "bank", True, True, "handeling", "nooit"),
    ("afrekening_terug", "bank", "crediteur", False, False, "handeling", "nooit"),
    ("afrekening_terug", "crediteur", "bank", True, True, "handeling", "nooit"),
    ("pgb_voorschot", "voorschot_svb", "bank", False, False, "handeling", "nooit"),
    ("pgb_voorschot", "bank", "voorschot_svb", True, False, "handeling", "nooit"),
    ("pgb_besteding", "kosten", "voorschot_svb", False, False, "handeling", "mag"),
    ("pgb_besteding", "voorschot_svb", "kosten", True, False, "handeling", "mag"),
    ("ouderbijdrage", "bank", "kosten", False, False, "handeling", "nooit"),
    ("ouderbijdrage", "kosten", "bank", True, False, "handeling", "nooit"),
    ("woonplaats", "kosten", "kas", False, False, "handeling", "mag"),
    ("woonplaats", "kas", "kosten", True, False, "handeling", "mag"),
    ("lokaal", "kosten_lokaal", "bank", False, False, "handeling", "nooit"),
    ("lokaal", "bank", "kosten_lokaal", True, False, "handeling", "nooit"),
    ("bijdrage", "inleg", "kas", False, False, "handeling", "nooit"),
    ("bijdrage", "kas", "inleg", True, False, "handeling", "nooit"),
    ("verevening", "verevening", "kas", False, False, "handeling", "nooit"),
    ("verevening", "kas", "verevening", True, False, "handeling", "nooit"),
    ("organisatiekosten", "organisatiekosten", "kas", False, False, "handeling", "nooit"),
    ("organisatiekosten", "kas", "organisatiekosten", True, False, "handeling", "nooit"),
)
"""soort, debet, credit, whether it is the reverse, whether it names an earlier boeking, source, client."""

TABLES = (
    """
    create table rekeningsoort (
        soort           text primary key,
        eigenaar        text not null check (eigenaar in ('gemeente', 'aanbieder', 'regio')),
        normaal         text not null check (normaal in ('debet', 'credit'))
    )
    """,
    """
    create table gebeurtenis (
        soort           text not null,
        debet           text not null references rekeningsoort,
        credit          text not null references rekeningsoort,
        tegen           boolean not null,
        noemt_eerdere   boolean not null,
        bron            text not null check (bron in ('bericht', 'handeling', 'beide')),
        client          text not null check (client in ('altijd', 'mag', 'nooit')),
        primary key (soort, debet, credit),
        check (debet <> credit)
    )
    """,
    "comment on table gebeurtenis is 'every soort of boeking and the kinds of account between which it moves money'",
    """
    create table handeling (
        bericht_nr      bigint primary key default nextval('bericht_nr_seq'),
        soort           text not null,
        sleutel         text not null default '',
        gemaakt_op      timestamptz not null,
        gemaakt_door    text not null,
        reden           text not null,
        gegevens        jsonb not null default '{}',
        goedgekeurd_op  timestamptz,
        goedgekeurd_door text,
        check ((goedgekeurd_op is null) = (goedgekeurd_door is null)),
        constraint handeling_vier_ogen check (goedgekeurd_door <> gemaakt_door)
    )
    """,
    "comment on table handeling is 'the act that made bookings without a bericht; takes its number from the same sequence'",
    "comment on column handeling.sleutel is 'what the act is about, such as a month; acts of one soort and sleutel bring the books to a plan'",
    "create index handeling_sleutel on handeling (soort, sleutel)",
    """
    create table maand_afsluiting (
        boekmaand       date primary key check (extract(day from boekmaand) = 1),
        gesloten_op     timestamptz not null,
        gesloten_door   text not null,
        hash            bytea not null,
        vorige_hash     bytea,
        aantal          bigint not null check (aantal >= 0),
        bedrag_cent     bigint not null check (bedrag_cent >= 0)
    )
    """,
    """
    create table verplichting (
        domein          text not null,
        gemeente        text not null,
        toewijzing_nummer bigint not null,
        zorgmaand       date not null,
        agb             text not null,
        versie_nr       bigint not null,
        drager          text not null,
        zorgvorm        text not null,
        wijze           text not null check (wijze in ('maand', 'pot')),
        verwacht_cent   bigint not null check (verwacht_cent >= 0),
        vrijgevallen_nr bigint references handeling,
        primary key (domein, gemeente, toewijzing_nummer, zorgmaand)
    )
    """,
    "comment on table verplichting is 'what the version of a toewijzing that counts is expected to cost, per month of care'",
    "comment on column verplichting.versie_nr is 'the 301 with that version'",
    "comment on column verplichting.wijze is 'maand: prestaties use up their own month; pot: they use up the months from the first on'",
    "comment on column verplichting.vrijgevallen_nr is 'the act that released what was left; nothing is committed since'",
    "create index verplichting_open on verplichting (zorgmaand) where vrijgevallen_nr is null",
    "create index verplichting_pot on verplichting (domein, gemeente, toewijzing_nummer) where wijze = 'pot'",
)

FUNCTIONS = (
    """
    create function weiger_verandering() returns trigger language plpgsql as $$
    begin
        raise exception '% is onveranderlijk: % is geweigerd', tg_table_name, lower(tg_op) using errcode = 'integrity_constraint_violation';
    end $$
    """,
    """
    create function keur_rekening() returns trigger language plpgsql as $$
    begin
        if not exists (select from rekeningsoort s where s.soort = new.soort and (new.gemeente <> '') = (s.eigenaar <> 'regio')
                          and (new.agb <> '') = (s.eigenaar = 'aanbieder')) then
            raise exception 'rekening % van gemeente "%" en aanbieder "%" past niet in het rekeningschema', new.soort, new.gemeente, new.agb
                  using errcode = 'check_violation', constraint = 'rekening_in_schema';
        end if;
        return new;
    end $$
    """,
    """
    create function keur_handeling() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' or old.goedgekeurd_door is not null
           or row (old.bericht_nr, old.soort, old.sleutel, old.gemaakt_op, old.gemaakt_door, old.reden, old.gegevens)
              is distinct from row (new.bericht_nr, new.soort, new.sleutel, new.gemaakt_op, new.gemaakt_door, new.reden, new.gegevens) then
            raise exception 'een handeling is onveranderlijk, behalve dat zij één keer wordt goedgekeurd'
                  using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end $$
    """,
    # Bookings share this lock and a closing takes it alone, so a month is closed either before a transfer is judged here or after it is committed.
    """
    create function wacht_op_boekers() returns trigger language plpgsql as $$
    begin
        perform pg_advisory_xact_lock(hashtextextended('solidair maand afsluiten', 0));
        return null;
    end $$
    """,
    """
    create function keur_boekingen() returns trigger language plpgsql as $$
    declare
        fout record;
    begin
        perform pg_advisory_xact_lock_shared(hashtextextended('solidair maand afsluiten', 0));
        select m.boekmaand into fout from maand_afsluiting m
         where m.boekmaand in (select date_trunc('month', dag)::date from (select distinct boekdatum as dag from nieuw) n) limit 1;
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
    """,
)
TRIGGERS = (
    "create trigger rekening_schema before insert on rekening for each row execute function keur_rekening()",
    "create trigger rekening_onveranderlijk before update or delete or truncate on rekening for each statement execute function weiger_verandering()",
    "create trigger handeling_blijft before update or delete on handeling for each row execute function keur_handeling()",
    "create trigger maand_afsluiting_wacht before insert on maand_afsluiting for each statement execute function wacht_op_boekers()",
    "create trigger maand_afsluiting_onveranderlijk before update or delete or truncate on maand_afsluiting for each statement"
    " execute function weiger_verandering()",
    "create trigger boeking_keuren after insert on boeking referencing new table as nieuw for each statement execute function keur_boekingen()",
)
UNDO = (
    "drop trigger boeking_keuren on boeking",
    "drop trigger rekening_onveranderlijk on rekening",
    "drop trigger rekening_schema on rekening",
    "drop table verplichting, maand_afsluiting, handeling, gebeurtenis, rekeningsoort",
    "drop function keur_boekingen, wacht_op_boekers, keur_handeling, keur_rekening, weiger_verandering",
)


def upgrade() -> None:
    """Add tables, what they must hold, and the triggers that look at it; what a running version books fits already."""
    for statement in TABLES:
        op.execute(statement)
    soort = sa.table("rekeningsoort", *(sa.column(name) for name in ("soort", "eigenaar", "normaal")))
    op.bulk_insert(soort, [dict(zip(soort.c.keys(), row, strict=True)) for row in REKENINGSOORTEN])
    names = ("soort", "debet", "credit", "tegen", "noemt_eerdere", "bron", "client")
    gebeurtenis = sa.table("gebeurtenis", *(sa.column(name) for name in names))
    op.bulk_insert(gebeurtenis, [dict(zip(names, row, strict=True)) for row in GEBEURTENISSEN])
    for statement in (*FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Take them away, with what they hold; bookings of acts stay without their act."""
    for statement in UNDO:
        op.execute(statement)

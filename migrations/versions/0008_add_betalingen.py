"""Add bank accounts to the region; payment runs with their lines and what those are made of; statements of the bank and their lines.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    """
    create table bankrekening (
        bankrekening_id bigint generated always as identity primary key,
        partij          text not null,
        iban            text not null,
        tenaamstelling  text not null,
        bic             text not null default '',
        vervallen_op    timestamptz,
        geladen_door_lading bigint,
        vervallen_door_lading bigint
    )
    """,
    "create unique index bankrekening_telt on bankrekening (partij) where vervallen_op is null",
    "create index bankrekening_iban on bankrekening (iban)",
    """
    create table betaalrun (
        run_nr          bigint primary key references handeling,
        gemeente        text not null,
        status          text not null check (status in ('concept', 'goedgekeurd', 'verzonden', 'afgerond', 'ingetrokken')),
        peildatum       date not null,
        uitvoeren_op    date not null check (uitvoeren_op >= peildatum),
        iban            text not null,
        tenaamstelling  text not null,
        bic             text not null default '',
        verrekening     jsonb not null,
        ingetrokken_nr  bigint references handeling,
        verzonden_op    timestamptz,
        verzonden_door  text,
        sleutel_versie  smallint,
        bestand         bytea,
        bestand_sha256  bytea,
        constraint betaalrun_ingetrokken check ((status = 'ingetrokken') = (ingetrokken_nr is not null)),
        constraint betaalrun_bestand check (num_nonnulls(verzonden_op, verzonden_door, sleutel_versie, bestand, bestand_sha256) in (0, 5)),
        constraint betaalrun_verzonden check (status <> 'verzonden' or bestand is not null)
    )
    """,
    "comment on table betaalrun is 'one payment of a gemeente to its aanbieders; run_nr is the act that proposed it and, once approved, booked it'",
    "comment on column betaalrun.bestand is 'the pain.001 as it was first given out, encrypted; every next download is these bytes'",
    "create index betaalrun_gemeente on betaalrun (gemeente, run_nr)",
    """
    create table betaalregel (
        run_nr          bigint not null references betaalrun,
        regel           integer not null check (regel > 0),
        agb             text not null,
        status          text not null check (status in
                        ('geblokkeerd', 'voorgesteld', 'onderweg', 'verrekend', 'betaald', 'teruggekomen', 'ingetrokken')),
        open_cent       bigint not null,
        verrekend_cent  bigint not null check (verrekend_cent >= 0),
        bedrag_cent     bigint not null check (bedrag_cent >= 0),
        betaald_cent    bigint not null default 0,
        blokkade        text not null default '' check (blokkade in ('', 'geen_iban', 'schuld', 'te_hoog')),
        iban            text,
        tenaamstelling  text,
        bic             text,
        end_to_end_id   text unique,
        primary key (run_nr, regel),
        unique (run_nr, agb),
        constraint betaalregel_betaald check (betaald_cent between 0 and bedrag_cent),
        constraint betaalregel_som check (status = 'geblokkeerd' or open_cent = verrekend_cent + bedrag_cent),
        constraint betaalregel_blokkade check ((status = 'geblokkeerd') = (blokkade <> '')),
        constraint betaalregel_rekening check (bedrag_cent = 0 or num_nonnulls(iban, tenaamstelling, end_to_end_id) = 3 or blokkade <> ''),
        constraint betaalregel_voldaan check ((status = 'betaald') = (bedrag_cent > 0 and betaald_cent = bedrag_cent))
    )
    """,
    "comment on column betaalregel.open_cent is 'what was owed and in no other payment; of a blocked line it stays open'",
    "create index betaalregel_agb on betaalregel (agb, run_nr)",
    "create index betaalregel_onderweg on betaalregel (run_nr) where status = 'onderweg'",
    """
    create table betaalpost (
        run_nr          bigint not null,
        regel           integer not null,
        bericht_nr      bigint not null,
        bedrag_cent     bigint not null check (bedrag_cent <> 0),
        primary key (run_nr, regel, bericht_nr),
        foreign key (run_nr, regel) references betaalregel
    )
    """,
    "comment on table betaalpost is 'what a line is made of: per bericht or act what it owed or credited (negative), and no line before had'",
    "create index betaalpost_bericht on betaalpost (bericht_nr)",
    """
    create table bankafschrift (
        afschrift_nr    bigint primary key references handeling,
        gemeente        text not null,
        iban            text not null,
        kenmerk         text not null,
        volgnummer      text not null default '',
        van             date not null,
        tot             date not null check (tot >= van),
        begin_cent      bigint not null,
        eind_cent       bigint not null,
        waarschuwing    text not null default '',
        bestand_sha256  bytea not null
    )
    """,
    "create index bankafschrift_rekening on bankafschrift (iban, tot, afschrift_nr)",
    "create index bankafschrift_bestand on bankafschrift (bestand_sha256)",
    """
    create table bankregel (
        afschrift_nr    bigint not null references bankafschrift,
        volgnr          integer not null check (volgnr > 0),
        status          text not null check (status in ('verwerkt', 'dubbel', 'niet_geboekt', 'ongekoppeld', 'opgelost')),
        boekdatum       date not null,
        bedrag_cent     bigint not null check (bedrag_cent > 0),
        is_debet        boolean not null,
        is_retour       boolean not null,
        retour_code     text not null default '',
        end_to_end_id   text not null default '',
        batch_kenmerk   text not null default '',
        bankreferentie  text not null default '',
        vingerafdruk    bytea not null,
        reden           text not null default '',
        opgelost_nr     bigint references handeling,
        primary key (afschrift_nr, volgnr),
        constraint bankregel_reden check ((status = 'verwerkt') = (reden = '')),
        constraint bankregel_opgelost check ((status = 'opgelost') = (opgelost_nr is not null))
    )
    """,
    "comment on table bankregel is 'each entry of a statement, or each part of one that names its parts; no names or accounts of others'",
    "create unique index bankregel_eenmaal on bankregel (vingerafdruk) where status not in ('dubbel', 'niet_geboekt')",
    "create index bankregel_open on bankregel (afschrift_nr, volgnr) where status = 'ongekoppeld'",
    """
    create table betaling (
        handeling_nr    bigint not null references handeling,
        boekregel       integer not null check (boekregel > 0),
        run_nr          bigint not null,
        regel           integer not null,
        afschrift_nr    bigint not null,
        volgnr          integer not null,
        bedrag_cent     bigint not null check (bedrag_cent > 0),
        teruggeboekt_nr bigint references handeling,
        primary key (handeling_nr, boekregel),
        foreign key (run_nr, regel) references betaalregel,
        foreign key (afschrift_nr, volgnr) references bankregel
    )
    """,
    "comment on table betaling is 'what the bank confirmed of a line, by which line of a statement; the key is that of its boeking'",
    "create index betaling_regel on betaling (run_nr, regel)",
)
FUNCTIONS = (
    """
    create function keur_betaalrun() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' or (old.run_nr, old.gemeente, old.peildatum, old.uitvoeren_op, old.iban, old.tenaamstelling, old.bic, old.verrekening)
              is distinct from (new.run_nr, new.gemeente, new.peildatum, new.uitvoeren_op, new.iban, new.tenaamstelling, new.bic, new.verrekening)
           or (old.bestand is not null and old.bestand is distinct from new.bestand) then
            raise exception 'een betaalrun is onveranderlijk, behalve haar status' using errcode = 'integrity_constraint_violation';
        end if;
        if old.status <> new.status and not (old.status, new.status) in (
                ('concept', 'goedgekeurd'), ('concept', 'ingetrokken'), ('goedgekeurd', 'ingetrokken'), ('goedgekeurd', 'verzonden'),
                ('goedgekeurd', 'afgerond'), ('verzonden', 'afgerond')) then
            raise exception 'een betaalrun gaat niet van % naar %', old.status, new.status
                  using errcode = 'check_violation', constraint = 'betaalrun_status';
        end if;
        if new.status = 'goedgekeurd'
           and not exists (select from handeling h where h.bericht_nr = new.run_nr and h.goedgekeurd_door is not null) then
            raise exception 'een ander dan wie de betaalrun maakte keurt haar goed'
                  using errcode = 'check_violation', constraint = 'betaalrun_vier_ogen';
        end if;
        return new;
    end $$
    """,
    """
    create function keur_betaalregel() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE'
           or (old.run_nr, old.regel, old.agb, old.open_cent, old.verrekend_cent, old.bedrag_cent, old.blokkade, old.iban, old.end_to_end_id)
              is distinct from
              (new.run_nr, new.regel, new.agb, new.open_cent, new.verrekend_cent, new.bedrag_cent, new.blokkade, new.iban, new.end_to_end_id) then
            raise exception 'een betaalregel is onveranderlijk, behalve haar status' using errcode = 'integrity_constraint_violation';
        end if;
        if old.status <> new.status and not (old.status, new.status) in (
                ('voorgesteld', 'onderweg'), ('voorgesteld', 'verrekend'), ('voorgesteld', 'ingetrokken'), ('onderweg', 'betaald'),
                ('onderweg', 'teruggekomen'), ('onderweg', 'ingetrokken'), ('verrekend', 'ingetrokken'), ('betaald', 'teruggekomen')) then
            raise exception 'een betaalregel gaat niet van % naar %', old.status, new.status
                  using errcode = 'check_violation', constraint = 'betaalregel_status';
        end if;
        return new;
    end $$
    """,
    """
    create function keur_betaalposten() returns trigger language plpgsql as $$
    declare
        fout record;
    begin
        select r.regel, r.open_cent, coalesce(sum(p.bedrag_cent), 0) as posten into fout
          from betaalregel r left join betaalpost p using (run_nr, regel)
         where r.run_nr = new.run_nr and r.status <> 'geblokkeerd'
         group by r.regel, r.open_cent having r.open_cent <> coalesce(sum(p.bedrag_cent), 0) limit 1;
        if found then
            raise exception 'regel % van betaalrun % is niet de som van haar posten', fout.regel, new.run_nr
                  using errcode = 'check_violation', constraint = 'betaalregel_posten';
        end if;
        return null;
    end $$
    """,
)
TRIGGERS = (
    "create trigger betaalrun_blijft before update or delete on betaalrun for each row execute function keur_betaalrun()",
    "create trigger betaalregel_blijft before update or delete on betaalregel for each row execute function keur_betaalregel()",
    "create constraint trigger betaalrun_posten after insert on betaalrun deferrable initially deferred for each row"
    " execute function keur_betaalposten()",
    "create trigger betaalpost_onveranderlijk before update or delete or truncate on betaalpost for each statement"
    " execute function weiger_verandering()",
    "create trigger bankafschrift_onveranderlijk before update or delete or truncate on bankafschrift for each statement"
    " execute function weiger_verandering()",
)
UNDO = (
    "drop table betaling, bankregel, bankafschrift, betaalpost, betaalregel, betaalrun, bankrekening",
    "drop function keur_betaalrun, keur_betaalregel, keur_betaalposten",
)


def upgrade() -> None:
    """Add the tables and the triggers that hold a run to its course; a running version does not know them."""
    for statement in (*TABLES, *FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Take them away; bookings of payments stay without the run that made them."""
    for statement in UNDO:
        op.execute(statement)

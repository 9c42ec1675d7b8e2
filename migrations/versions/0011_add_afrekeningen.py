"""Add afrekeningen: the final settlement per aanbieder and year, its versions with their amounts, who agreed, and that nothing changes after.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    """
    create table afrekening (
        afrekening_nr   bigint primary key references handeling,
        agb             text not null check (agb ~ '^[0-9]{8}$'),
        jaar            integer not null check (jaar between 2000 and 2100),
        volgnr          integer not null check (volgnr > 0),
        vorige_nr       bigint references afrekening,
        status          text not null check (status in ('concept', 'aangeboden', 'akkoord', 'vastgesteld', 'ingetrokken')),
        versie          integer not null check (versie > 0),
        unique (agb, jaar, volgnr)
    )
    """,
    "comment on table afrekening is 'the final settlement with an aanbieder over a year of care; a later one of that year holds the difference'",
    "create unique index afrekening_open on afrekening (agb, jaar) where status in ('concept', 'aangeboden', 'akkoord')",
    "create index afrekening_jaar on afrekening (jaar, afrekening_nr)",
    """
    create table afrekening_versie (
        afrekening_nr   bigint not null references afrekening deferrable initially deferred,
        versie          integer not null check (versie > 0),
        gemaakt_op      timestamptz not null,
        gemaakt_door    text not null,
        reden           text not null,
        inhoud_sha256   bytea not null check (length(inhoud_sha256) = 32),
        primary key (afrekening_nr, versie)
    )
    """,
    "comment on column afrekening_versie.inhoud_sha256 is 'of what both sides agree on; payments meanwhile do not change it'",
    """
    create table afrekening_bedrag (
        afrekening_nr   bigint not null,
        versie          integer not null,
        gemeente        text not null check (gemeente ~ '^[0-9]{4}$'),
        client_id       bigint not null,
        groep           text not null check (groep in ('maat', 'oorzaak', 'boekplan', 'geboekt')),
        naam            text not null,
        detail          text not null,
        aantal          integer not null,
        bedrag_cent     bigint not null,
        primary key (afrekening_nr, versie, gemeente, client_id, groep, naam, detail),
        foreign key (afrekening_nr, versie) references afrekening_versie
    )
    """,
    "comment on column afrekening_bedrag.client_id is '0: of the gemeente as a whole'",
    """
    create table afrekening_stem (
        afrekening_nr   bigint not null,
        versie          integer not null,
        partij          text not null check (partij ~ '^(aanbieder:[0-9]{8}|gemeente:[0-9]{4})$'),
        is_akkoord      boolean not null,
        op              timestamptz not null,
        door            text not null,
        toelichting     text not null,
        primary key (afrekening_nr, versie, partij),
        foreign key (afrekening_nr, versie) references afrekening_versie,
        constraint afrekening_bezwaar check (is_akkoord or toelichting <> '')
    )
    """,
    "comment on table afrekening_stem is 'who of the aanbieder and of each gemeente agreed with a version, or objected and why'",
)
FUNCTIONS = (
    """
    create function keur_afrekening() returns trigger language plpgsql as $$
    declare
        inhoud bytea;
        mist text;
    begin
        if tg_op = 'DELETE' or old.status in ('vastgesteld', 'ingetrokken')
           or (old.afrekening_nr, old.agb, old.jaar, old.volgnr, old.vorige_nr)
              is distinct from (new.afrekening_nr, new.agb, new.jaar, new.volgnr, new.vorige_nr) then
            raise exception 'een afrekening is onveranderlijk, behalve haar status en versie' using errcode = 'integrity_constraint_violation';
        end if;
        if (old.status <> new.status and not (old.status, new.status) in (
                ('concept', 'aangeboden'), ('aangeboden', 'akkoord'), ('aangeboden', 'concept'), ('akkoord', 'concept'),
                ('akkoord', 'vastgesteld'), ('concept', 'ingetrokken'), ('aangeboden', 'ingetrokken'), ('akkoord', 'ingetrokken')))
           or new.versie not in (old.versie, old.versie + 1) then
            raise exception 'een afrekening gaat niet van % (versie %) naar % (versie %)', old.status, old.versie, new.status, new.versie
                  using errcode = 'check_violation', constraint = 'afrekening_status';
        end if;
        if new.status = 'vastgesteld' then
            if not exists (select from handeling h where h.bericht_nr = new.afrekening_nr and h.goedgekeurd_door is not null) then
                raise exception 'een ander dan wie de afrekening maakte stelt haar vast'
                      using errcode = 'check_violation', constraint = 'afrekening_vier_ogen';
            end if;
            select inhoud_sha256 into inhoud from afrekening_versie v where v.afrekening_nr = new.afrekening_nr and v.versie = new.versie;
            select p.partij into mist
              from (select 'aanbieder:' || new.agb as partij
                    union select 'gemeente:' || b.gemeente from afrekening_bedrag b
                           where b.afrekening_nr = new.afrekening_nr and b.versie = new.versie) p
             where not exists (select from afrekening_stem s join afrekening_versie v using (afrekening_nr, versie)
                                where s.afrekening_nr = new.afrekening_nr and s.partij = p.partij and s.is_akkoord and v.inhoud_sha256 = inhoud)
             limit 1;
            if found then
                raise exception '% is nog niet akkoord met deze inhoud', mist using errcode = 'check_violation', constraint = 'afrekening_akkoord';
            end if;
        end if;
        return new;
    end $$
    """,
    """
    create function keur_afrekeningdeel() returns trigger language plpgsql as $$
    begin
        if exists (select from nieuw n join afrekening a using (afrekening_nr) where a.status in ('vastgesteld', 'ingetrokken')) then
            raise exception 'aan een afrekening die klaar is komt niets meer bij' using errcode = 'integrity_constraint_violation';
        end if;
        return null;
    end $$
    """,
)
DELEN = ("afrekening_versie", "afrekening_bedrag", "afrekening_stem")
TRIGGERS = (
    "create trigger afrekening_blijft before update or delete on afrekening for each row execute function keur_afrekening()",
    *(
        f"create trigger {table}_onveranderlijk before update or delete or truncate on {table} for each statement"
        " execute function weiger_verandering()"
        for table in DELEN
    ),
    *(
        f"create trigger {table}_open after insert on {table} referencing new table as nieuw for each statement"
        " execute function keur_afrekeningdeel()"
        for table in DELEN
    ),
)
UNDO = (
    "drop table afrekening_stem, afrekening_bedrag, afrekening_versie, afrekening",
    "drop function keur_afrekening, keur_afrekeningdeel",
)


def upgrade() -> None:
    """Add the tables and the triggers that hold an afrekening to its course; a running version does not know them."""
    for statement in (*TABLES, *FUNCTIONS, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Take them away; what afrekeningen booked stays, without the afrekening."""
    for statement in UNDO:
        op.execute(statement)

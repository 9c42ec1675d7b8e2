"""Create the tables of the spine: berichten, register, region, ledger, identity.

Revision ID: 0001
Revises: -
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

BERICHTEN = """
create sequence bericht_nr_seq;
create sequence oordeel_nr_seq;

create table bericht (
    bericht_nr      bigint primary key default nextval('bericht_nr_seq'),
    richting        text not null check (richting in ('in', 'uit')),
    domein          text check (domein in ('ijw', 'iwmo')),
    soort           text,
    van             text not null,
    aan             text,
    gemeente        text,
    agb             text,
    identificatie   text,
    dagtekening     date,
    identificatie_retour text,
    sha256          bytea not null,
    poging          integer not null default 0,
    grootte         integer not null,
    status          text not null check (status in (
        'geweigerd', 'ontvangen', 'wacht_op_contract', 'vastgehouden', 'verwerkt', 'deels_afgekeurd', 'afgekeurd', 'geparkeerd',
        'klaar', 'bezorgd', 'beantwoord', 'afgekeurd_door_ontvanger')),
    telt            boolean,
    pogingen        integer not null default 0,
    ontvangen_op    timestamptz not null,
    ontvangst_datum date not null,
    beoordeeld_op   timestamptz,
    oordeel_nr      bigint,
    antwoord_nr     bigint,
    antwoord_op_nr  bigint,
    termijn         date,
    ingediend_cent  bigint,
    toegekend_cent  bigint,
    aantal_regels   integer,
    park_reden      text,
    trace_id        text,
    ingediend_door  text not null,
    zonder_contract_afwijzen boolean not null default false,
    check (status = 'geweigerd' or (domein is not null and soort is not null and aan is not null and gemeente is not null and agb is not null)),
    unique (van, sha256, poging)
);
comment on column bericht.telt is 'false: rejected as a whole, counts as not sent (OP286); null until judged';
create index bericht_wachtend on bericht (domein, agb, bericht_nr) where status = 'ontvangen';
create index bericht_status on bericht (status, bericht_nr);
create index bericht_gemeente on bericht (gemeente, bericht_nr);
create index bericht_agb on bericht (agb, bericht_nr);
create index bericht_identificatie on bericht (domein, agb, gemeente, soort, identificatie);
create index bericht_ontvangst on bericht (ontvangst_datum);
create index bericht_declaratie on bericht (ontvangst_datum) include (gemeente, status, ingediend_cent, toegekend_cent, antwoord_nr)
 where richting = 'in' and soort = '323';
create index bericht_termijn on bericht (termijn) where termijn is not null and antwoord_nr is null;

create table bericht_inhoud (
    bericht_nr      bigint primary key references bericht,
    sleutel_versie  smallint not null,
    inhoud          bytea not null
);
alter table bericht_inhoud alter column inhoud set storage external;

create table bevinding (
    bericht_nr      bigint not null,
    volgnr          integer not null,
    regel           text not null,
    retourcode      text,
    pad             text not null,
    regelnummer     integer,
    waarde          text,
    melding         text not null,
    primary key (bericht_nr, volgnr)
);

create table bericht_oorzaak (
    bericht_nr      bigint not null,
    regel           text not null,
    retourcode      text not null default '',
    aantal          integer not null,
    bedrag_cent     bigint not null default 0,
    primary key (bericht_nr, regel, retourcode)
);
comment on table bericht_oorzaak is 'bevindingen of one bericht summed per rule and code, with the money of the lines concerned';
create index bericht_oorzaak_code on bericht_oorzaak (retourcode, bericht_nr);

create table outbox (
    outbox_nr       bigint generated always as identity primary key,
    taak            text not null check (taak in ('verwerken', 'bezorgen')),
    bericht_nr      bigint not null,
    domein          text not null,
    agb             text not null,
    routing_key     text not null,
    groot           boolean not null,
    beschikbaar_op  timestamptz not null,
    gepubliceerd_op timestamptz,
    unique (taak, bericht_nr)
);
create index outbox_baan on outbox (domein, agb, bericht_nr);
create index outbox_open on outbox (beschikbaar_op) where gepubliceerd_op is null;

create table postvak (
    partij          text not null,
    bericht_nr      bigint not null,
    klaar_op        timestamptz not null,
    ontvangen_op    timestamptz,
    primary key (partij, bericht_nr)
);
create index postvak_wachtend on postvak (partij, bericht_nr) where ontvangen_op is null;

create table gebruikt_nummer (
    soort           text not null,
    domein          text not null,
    partij          text not null,
    nummer          text not null,
    bericht_nr      bigint not null,
    primary key (soort, domein, partij, nummer)
);
comment on table gebruikt_nummer is
    'numbers that may be used once, also across lanes: identificatie per message type and sender (TR056), toewijzingnummer of a gemeente (TR332)';
create index gebruikt_nummer_bericht on gebruikt_nummer (bericht_nr);
"""

REGISTER = """
create table client (
    client_id       bigint generated always as identity primary key,
    bsn_hmac        bytea not null unique,
    bsn_versleuteld bytea not null,
    sleutel_versie  smallint not null,
    aangemaakt_op   timestamptz not null
);

create table toewijzing_versie (
    domein          text not null,
    gemeente        text not null,
    toewijzing_nummer bigint not null,
    bericht_nr      bigint not null,
    volgnr          integer not null,
    agb             text not null,
    client_id       bigint not null references client,
    categorie       text,
    code            text,
    toewijzingsdatum date not null,
    toewijzingstijd text not null,
    ingangsdatum    date not null,
    einddatum       date,
    reden_wijziging text,
    volume          integer,
    eenheid         text,
    frequentie      text,
    budget_cent     bigint,
    referentie_aanbieder text,
    ingetrokken_door bigint,
    primary key (domein, gemeente, toewijzing_nummer, bericht_nr, volgnr)
);
comment on column toewijzing_versie.ingetrokken_door is 'the 302 that rejected the 301 of this version: it counts as not sent (OP286)';
create index toewijzing_versie_client on toewijzing_versie (domein, agb, client_id);
create index toewijzing_versie_bericht on toewijzing_versie (bericht_nr);

create table levering (
    bericht_nr      bigint not null,
    volgnr          integer not null,
    domein          text not null,
    gemeente        text not null,
    agb             text not null,
    client_id       bigint not null references client,
    toewijzing_nummer bigint,
    categorie       text,
    code            text,
    begindatum      date not null,
    reden_beeindiging text,
    einddatum       date,
    vervallen_door  bigint,
    primary key (bericht_nr, volgnr)
);
create index levering_client on levering (domein, agb, client_id) where vervallen_door is null;

create table prestatie (
    bericht_nr      bigint not null,
    regel           integer not null,
    domein          text not null,
    gemeente        text not null,
    agb             text not null,
    client_id       bigint,
    referentie_nummer text not null,
    vorig_referentie_nummer text,
    is_credit       boolean not null,
    toewijzing_nummer bigint not null,
    categorie       text not null,
    code            text not null,
    begindatum      date not null,
    einddatum       date not null,
    volume          integer not null,
    eenheid         text not null,
    tarief_cent     integer,
    bedrag_cent     integer not null,
    toegekend       boolean not null,
    retour_codes    text[] not null default '{}',
    zorgvorm        text not null default '',
    gemeente_drager text not null default '',
    tarief_id       bigint,
    gecrediteerd_door bigint,
    primary key (bericht_nr, regel)
);
create index prestatie_referentie on prestatie (domein, agb, gemeente, referentie_nummer);
create index prestatie_toewijzing on prestatie (domein, gemeente, toewijzing_nummer) where toegekend;

create table declaratie (
    bericht_nr      bigint primary key,
    domein          text not null,
    agb             text not null,
    gemeente        text not null,
    declaratie_nummer text not null,
    begindatum      date not null,
    einddatum       date not null
);
create index declaratie_periode on declaratie (domein, agb, gemeente, begindatum);
"""

REGIO = """
create table regio_lading (
    lading_nr       bigint generated always as identity primary key,
    geladen_op      timestamptz not null,
    geladen_door    text not null,
    verschil        jsonb not null
);
create table gemeente (
    gemeente_id bigint generated always as identity primary key,
    code text not null, naam text not null, geldig_van date not null, geldig_tot date,
    vervallen_op timestamptz
);
create index gemeente_code on gemeente (code);
create table herindeling (
    herindeling_id bigint generated always as identity primary key,
    datum date not null, van text not null, naar text not null, fractie text not null,
    vervallen_op timestamptz
);
create table aanbieder (
    aanbieder_id bigint generated always as identity primary key,
    agb text not null, naam text not null, contractpartner_agb text,
    vervallen_op timestamptz
);
create index aanbieder_agb on aanbieder (agb);
create table zorgvorm (
    zorgvorm_id bigint generated always as identity primary key,
    zorgvorm text not null, naam text not null, domein text not null, stuurbaarheid text not null default '',
    vervallen_op timestamptz
);
create table product (
    product_id bigint generated always as identity primary key,
    domein text not null, categorie text not null, code text not null, omschrijving text not null, eenheid text not null,
    zorgvorm text not null, geldig_van date not null, geldig_tot date,
    vervallen_op timestamptz
);
create index product_code on product (domein, categorie, code);
create table contract (
    contract_id bigint generated always as identity primary key,
    contract text not null, agb text not null, domein text not null, alle_gemeenten boolean not null,
    geldig_van date not null, geldig_tot date, uitvoeringsvariant text not null default '', bekostiging text not null default '',
    plafond_cent bigint,
    vervallen_op timestamptz
);
create index contract_agb on contract (agb, domein);
create index contract_contract on contract (contract);
create table contract_gemeente (
    contract_id bigint not null references contract,
    gemeente text not null,
    primary key (contract_id, gemeente)
);
create table tarief (
    tarief_id bigint generated always as identity primary key,
    contract text not null, categorie text not null, code text not null, eenheid text not null, tarief_cent integer,
    geldig_van date not null, geldig_tot date,
    vervallen_op timestamptz
);
create index tarief_contract on tarief (contract, categorie, code);
create table deelname (
    deelname_id bigint generated always as identity primary key,
    gemeente text not null, zorgvorm text not null, geldig_van date not null, geldig_tot date,
    vervallen_op timestamptz
);
create table budget (
    budget_id bigint generated always as identity primary key,
    gemeente text not null, jaar integer not null, zorgvorm text not null default '', bedrag_cent bigint not null, bron text not null default '',
    vervallen_op timestamptz
);
create table maatstaf (
    maatstaf_id bigint generated always as identity primary key,
    maatstaf text not null, gemeente text not null, zorgvorm text not null default '', jaar integer not null, waarde numeric not null,
    vervallen_op timestamptz
);
create table voorschot_plan (
    voorschot_plan_id bigint generated always as identity primary key,
    agb text not null, gemeente text not null, maand date not null, bedrag_cent bigint not null,
    vervallen_op timestamptz
);
create table bijdrage_plan (
    bijdrage_plan_id bigint generated always as identity primary key,
    gemeente text not null, maand date not null, bedrag_cent bigint not null,
    vervallen_op timestamptz
);
create table partij (
    partij_id bigint generated always as identity primary key,
    partij text not null, kanaal text not null default 'postvak', adres text not null default '',
    kopie boolean not null default false, antwoordt text not null default '',
    vervallen_op timestamptz
);
create index partij_partij on partij (partij);
"""

GROOTBOEK = """
create table rekening (
    rekening_nr     integer generated always as identity primary key,
    soort           text not null,
    gemeente        text not null default '',
    agb             text not null default '',
    unique (soort, gemeente, agb)
);

create table boeking (
    bericht_nr      bigint not null,
    regel           integer not null,
    soort           text not null,
    volgnr          smallint not null,
    debet           integer not null,
    credit          integer not null,
    bedrag_cent     bigint not null check (bedrag_cent > 0),
    domein          text not null,
    zorgvorm        text not null,
    zorgmaand       date not null,
    dienst_van      date,
    dienst_tot      date,
    boekdatum       date not null,
    client_id       bigint,
    prestatie_nr    bigint,
    tarief_id       bigint,
    regelset        text not null,
    storno_van      text,
    primary key (bericht_nr, regel, soort, volgnr),
    check (debet <> credit)
);
comment on column boeking.prestatie_nr is 'bericht_nr * 1048576 + regel of the prestatie that it books';
comment on column boeking.storno_van is 'the boeking that this one undoes, as bericht_nr:regel:soort:volgnr';

create function weiger_wijziging() returns trigger language plpgsql as $$
begin
    raise exception 'een boeking is onveranderlijk: % op % is geweigerd', tg_op, tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger boeking_onveranderlijk before update or delete or truncate on boeking for each statement execute function weiger_wijziging();

create table saldo (
    rekening_nr     integer not null,
    domein          text not null,
    zorgvorm        text not null,
    zorgmaand       date not null,
    boekmaand       date not null,
    bedrag_cent     bigint not null,
    primary key (rekening_nr, domein, zorgvorm, zorgmaand, boekmaand)
);
create table saldo_delta (
    delta_nr        bigint generated always as identity primary key,
    rekening_nr     integer not null,
    domein          text not null,
    zorgvorm        text not null,
    zorgmaand       date not null,
    boekmaand       date not null,
    bedrag_cent     bigint not null
);
create table saldo_client (
    client_id       bigint not null,
    gemeente        text not null,
    zorgvorm        text not null,
    zorgjaar        integer not null,
    bedrag_cent     bigint not null,
    primary key (client_id, gemeente, zorgvorm, zorgjaar)
);
create table saldo_client_delta (
    delta_nr        bigint generated always as identity primary key,
    client_id       bigint not null,
    gemeente        text not null,
    zorgvorm        text not null,
    zorgjaar        integer not null,
    bedrag_cent     bigint not null
);

create table verevening_run (
    run_nr          bigint primary key default nextval('bericht_nr_seq'),
    gemaakt_op      timestamptz not null,
    gemaakt_door    text not null,
    jaar            integer not null,
    model           text not null,
    status          text not null default 'concept' check (status in ('concept', 'vastgesteld', 'geboekt')),
    invoer          jsonb not null,
    uitkomst        jsonb not null
);
"""

IDENTITEIT = """
create table toegangstoken (
    token_nr        bigint generated always as identity primary key,
    token_hash      bytea not null unique,
    label           text not null,
    partijen        text[] not null check (cardinality(partijen) > 0),
    aangemaakt_op   timestamptz not null,
    ingetrokken_op  timestamptz
);
create table account (
    account_nr      bigint generated always as identity primary key,
    naam            text not null unique,
    wachtwoord_hash text not null,
    rollen          text[] not null,
    gemeenten       text[],
    partijen        text[] not null default '{}',
    aangemaakt_op   timestamptz not null,
    geblokkeerd_op  timestamptz,
    mislukte_pogingen integer not null default 0
);
comment on column account.gemeenten is 'null: all gemeenten of the region';
create table sessie (
    sessie_hash     bytea primary key,
    account_nr      bigint not null references account,
    csrf            text not null,
    aangemaakt_op   timestamptz not null,
    verloopt_op     timestamptz not null
);
"""


def upgrade() -> None:
    """Make every table; each part is what one room of the product owns."""
    for part in (BERICHTEN, REGISTER, REGIO, GROOTBOEK, IDENTITEIT):
        for statement in split_statements(part):
            op.execute(statement)


def downgrade() -> None:
    """The first migration has nothing to go back to."""
    raise RuntimeError("migration 0001 cannot be undone: drop the database instead")


def split_statements(script: str) -> list[str]:
    """Cut a script at the semicolons that end a line, but not inside a `$$` body."""
    statements, current, in_body = [], [], False
    for line in script.splitlines():
        current.append(line)
        in_body ^= line.count("$$") % 2 == 1
        if line.rstrip().endswith(";") and not in_body:
            statements.append("\n".join(current))
            current = []
    return [statement for statement in statements if statement.strip()]

"""Add contracts as they are agreed: options, subcontractors, funding, ceilings, product groups; and which load each row came with.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

NEW_TABLES = (
    """
    create table productgroep (
        productgroep_id bigint generated always as identity primary key,
        groep text not null, naam text not null, domein text not null,
        vervallen_op timestamptz
    )
    """,
    """
    create table contractoptie (
        contractoptie_id bigint generated always as identity primary key,
        contract text not null, tot date not null, uitgeoefend_op date,
        vervallen_op timestamptz
    )
    """,
    "create index contractoptie_contract on contractoptie (contract) where vervallen_op is null",
    """
    create table onderaannemer (
        onderaannemer_id bigint generated always as identity primary key,
        hoofdaannemer_agb text not null, onderaannemer_agb text not null, contract text not null default '',
        declareert text not null check (declareert in ('eigen', 'partner')), geldig_van date not null, geldig_tot date,
        vervallen_op timestamptz
    )
    """,
    "create index onderaannemer_onder on onderaannemer (onderaannemer_agb) where vervallen_op is null",
    "create index onderaannemer_hoofd on onderaannemer (hoofdaannemer_agb) where vervallen_op is null",
    """
    create table bekostiging (
        bekostiging_id bigint generated always as identity primary key,
        contract text not null, zorgvorm text not null default '', jaar integer not null,
        vorm text not null check (vorm in ('pxq', 'lumpsum', 'subsidie', 'budget')),
        gegarandeerd_cent bigint not null default 0 check (gegarandeerd_cent >= 0),
        variabel_cent bigint not null default 0 check (variabel_cent >= 0),
        administratie_promille integer not null default 0 check (administratie_promille between 0 and 1000),
        termijnen integer not null default 12 check (termijnen in (1, 2, 4, 12)),
        vervallen_op timestamptz
    )
    """,
    "create index bekostiging_contract on bekostiging (contract, jaar) where vervallen_op is null",
    """
    create table plafond (
        plafond_id bigint generated always as identity primary key,
        contract text not null, zorgvorm text not null default '', jaar integer not null,
        bedrag_cent bigint not null check (bedrag_cent >= 0),
        vervallen_op timestamptz
    )
    """,
    "create index plafond_contract on plafond (contract, jaar) where vervallen_op is null",
)
NEW_COLUMNS = (
    "alter table gemeente add column jeugdregio text not null default ''",
    "alter table zorgvorm add column niveau text not null default '', add column crisis boolean not null default false",
    "alter table product add column groep text not null default ''",
)
INDEXES = (
    "create index deelname_gemeente on deelname (gemeente) where vervallen_op is null",
    "create index tarief_telt on tarief (contract, categorie, code) where vervallen_op is null",
)
REGIO = (
    "gemeente",
    "herindeling",
    "aanbieder",
    "zorgvorm",
    "productgroep",
    "product",
    "contract",
    "contractoptie",
    "onderaannemer",
    "tarief",
    "bekostiging",
    "plafond",
    "deelname",
    "budget",
    "maatstaf",
    "voorschot_plan",
    "bijdrage_plan",
    "partij",
)
"""Every table of which a load makes rows and lets them lapse."""


def upgrade() -> None:
    """Add tables and columns; a version that does not know them keeps reading and writing what it knows."""
    for statement in (*NEW_TABLES, *NEW_COLUMNS, *INDEXES):
        op.execute(statement)
    for tabel in REGIO:
        op.execute(
            f"alter table {tabel} add column geladen_door_lading bigint references regio_lading,"
            " add column vervallen_door_lading bigint references regio_lading"
        )
        op.execute(f"comment on column {tabel}.geladen_door_lading is 'null: loaded before loads were kept per row (0004)'")
        # A load gave its rows its own instant, so what lapsed before can be told; where rows came from cannot.
        op.execute(
            f"update {tabel} r set vervallen_door_lading = l.lading_nr from regio_lading l"  # noqa: S608
            " where l.geladen_op = r.vervallen_op and not exists (select from regio_lading n where n.geladen_op = l.geladen_op and"
            " n.lading_nr > l.lading_nr)"
        )


def downgrade() -> None:
    """Take them away, with what they hold."""
    for tabel in REGIO:
        op.execute(f"alter table {tabel} drop column geladen_door_lading, drop column vervallen_door_lading")
    for tabel in ("productgroep", "contractoptie", "onderaannemer", "bekostiging", "plafond"):
        op.execute(f"drop table {tabel}")
    op.execute("drop index deelname_gemeente")
    op.execute("drop index tarief_telt")
    op.execute("alter table gemeente drop column jeugdregio")
    op.execute("alter table zorgvorm drop column niveau, drop column crisis")
    op.execute("alter table product drop column groep")

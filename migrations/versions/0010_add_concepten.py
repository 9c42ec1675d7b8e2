"""Add what people compose here: drafts, encrypted because they name persons, and the series of numbers given in the name of a gemeente.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

STATEMENTS = (
    """
    create table nummerreeks (
        soort           text not null check (soort in ('toewijzing', 'identificatie')),
        domein          text not null check (domein in ('', 'ijw', 'iwmo')),
        gemeente        text not null check (gemeente ~ '^[0-9]{4}$'),
        laatste         bigint not null check (laatste > 0),
        primary key (soort, domein, gemeente)
    )
    """,
    "comment on table nummerreeks is 'the last number given here in the name of a gemeente (TR056, TR332)'",
    """
    create table concept (
        concept_nr      bigint generated always as identity primary key,
        gemeente        text not null check (gemeente ~ '^[0-9]{4}$'),
        domein          text not null check (domein in ('ijw', 'iwmo')),
        stap            text not null,
        gemaakt_op      timestamptz not null,
        gemaakt_door    text not null,
        gewijzigd_op    timestamptz not null,
        gewijzigd_door  text not null,
        sleutel_versie  smallint not null,
        inhoud          bytea not null,
        toewijzing_nummer bigint,
        identificatie   text,
        xml_versie      smallint,
        xml             bytea,
        bericht_nr      bigint references bericht,
        check ((xml_versie is null) = (xml is null)),
        check (bericht_nr is null or xml is not null)
    )
    """,
    "create index concept_open on concept (gemeente, concept_nr) where bericht_nr is null",
    "create unique index concept_bericht on concept (bericht_nr) where bericht_nr is not null",
    "create index toewijzing_versie_gemeente on toewijzing_versie (gemeente, bericht_nr, volgnr)",
    "create index toewijzing_versie_van_client on toewijzing_versie (client_id, gemeente)",
    "comment on column concept.inhoud is 'what was filled in, as JSON, encrypted: it names a person'",
    "comment on column concept.xml is 'the bytes that are sent, encrypted; kept before sending, so that sending twice sends the same'",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    op.execute("drop index toewijzing_versie_gemeente")
    op.execute("drop index toewijzing_versie_van_client")
    op.execute("drop table concept")
    op.execute("drop table nummerreeks")

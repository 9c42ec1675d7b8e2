"""Give berichten numbers in the name of an aanbieder that has no software.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

STATEMENTS = (
    """
    create table nummerreeks_aanbieder (
        agb             text primary key check (agb ~ '^[0-9]{8}$'),
        laatste         bigint not null check (laatste > 0)
    )
    """,
    "comment on table nummerreeks_aanbieder is 'the last Identificatie given here in the name of an aanbieder (TR056)'",
)


def upgrade() -> None:
    """Add a table; nobody has a number yet."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take it away; berichten keep their numbers."""
    op.execute("drop table nummerreeks_aanbieder")

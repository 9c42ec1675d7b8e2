"""Let an account end: its name stays with what the person did, nobody signs in with it any more.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision: str | None = "0019"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add a column; every account goes on."""
    op.execute("alter table account add column beeindigd_op timestamptz")


def downgrade() -> None:
    """Take it away; whoever ended is kept out by a password that nobody knows."""
    op.execute("update account set wachtwoord_hash = '' where beeindigd_op is not null")
    op.execute("alter table account drop column beeindigd_op")

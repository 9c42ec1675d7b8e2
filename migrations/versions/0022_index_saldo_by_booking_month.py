"""Find the months that have bookings without reading every balance.

The start page of a controller asks which are open; balances are looked up by account, so that was the whole table.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision: str | None = "0021"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add an index; nothing else changes. A balance that is added to keeps its month, so the index is written for new balances only."""
    op.execute("create index saldo_boekmaand on saldo (boekmaand)")


def downgrade() -> None:
    """Take the index away."""
    op.execute("drop index saldo_boekmaand")

"""Add the index by which the rulebook finds when a rule last fired.

Without it the newest berichten of 25 rules took 0.45 s among 10⁶ berichten with 3 × 10⁵ causes, with it 0.05 s: rules that never fired are
found absent at once. It also serves the list of berichten filtered by rule.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the index; nothing that a running version reads changes."""
    op.execute("create index bericht_oorzaak_regel on bericht_oorzaak (regel, bericht_nr)")


def downgrade() -> None:
    """Take it away."""
    op.execute("drop index bericht_oorzaak_regel")

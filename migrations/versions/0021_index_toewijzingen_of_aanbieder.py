"""Find the newest toewijzingen of an aanbieder without reading all of them.

Its own pages list them in order of arrival; the index that judging uses begins with the domein and goes by client.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add an index; nothing else changes."""
    op.execute("create index toewijzing_versie_aanbieder on toewijzing_versie (agb, bericht_nr, volgnr)")


def downgrade() -> None:
    """Take the index away."""
    op.execute("drop index toewijzing_versie_aanbieder")

"""When things became known and changed last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "18"
down_revision = "17"


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("type", sa.String(16), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("first_at", sa.String(40), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("changed", sa.JSON, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("groups", sa.Text, nullable=False),
        sa.Column("opened_at", sa.String(40)),
        sa.Column("opened_from", sa.Text),
        sa.Column("public_at", sa.String(40)),
        sa.Column("public", sa.Boolean, nullable=False),
    )
    op.create_index("ix_journal_public_at", "journal", ["public_at"])

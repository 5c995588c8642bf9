"""Searches that somebody follows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "23"
down_revision = "22"


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("user_id", sa.String(16), nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("every", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), unique=True),
        sa.Column("created_at", sa.String(40), nullable=False),
    )
    op.create_index("ix_watches_person", "watches", ["person"])
    op.create_index("ix_watches_user_id", "watches", ["user_id"])

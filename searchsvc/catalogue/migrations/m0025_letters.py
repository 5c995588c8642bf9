"""Who gets letters with what is new, and who got what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "25"
down_revision = "24"


def upgrade() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("person", sa.Text, nullable=False, unique=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("every", sa.String(8), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("introductions", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("told_until", sa.String(40), nullable=False),
        sa.Column("stopped_at", sa.String(40)),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("recipient_id", sa.String(16), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
        sa.Column("until", sa.String(40), nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("says", sa.Text, nullable=False),
    )
    op.create_index("ix_letters_recipient_id", "letters", ["recipient_id"])

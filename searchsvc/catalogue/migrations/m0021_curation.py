"""What somebody decided of the archive, what files say of what was corrected, what is hidden, and how much changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "21"
down_revision = "20"


def upgrade() -> None:
    op.create_table(
        "curation",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("item", sa.String(40), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("resource", sa.String(64), nullable=False),
        sa.Column("other", sa.String(64), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("value", sa.JSON),
        sa.Column("before", sa.JSON),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("undoes", sa.String(32), nullable=False),
    )
    op.create_index("ix_curation_resource", "curation", ["resource"])
    op.create_index("ix_curation_other", "curation", ["other"])
    op.create_table(
        "as_read",
        sa.Column("resource_id", sa.String(64), primary_key=True),
        sa.Column("said", sa.JSON, nullable=False),
    )
    op.create_table("withdrawn", sa.Column("resource_id", sa.String(64), primary_key=True))
    op.create_table(
        "revisions",
        sa.Column("resource_id", sa.String(64), primary_key=True),
        sa.Column("at", sa.String(40), primary_key=True),
        sa.Column("alike", sa.Float, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
    )

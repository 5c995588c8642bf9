"""Queries whose results people of the archive judge, what was found for each, and their judgments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "24"
down_revision = "23"


def upgrade() -> None:
    op.create_table(
        "judged_queries",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("depth", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_table(
        "pooled",
        sa.Column("query_id", sa.String(16), primary_key=True),
        sa.Column("resource_id", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("passage_id", sa.String(36)),
        sa.Column("found", sa.JSON, nullable=False),
    )
    op.create_index("ix_pooled_resource_id", "pooled", ["resource_id"])
    op.create_table(
        "judgments",
        sa.Column("query_id", sa.String(16), primary_key=True),
        sa.Column("resource_id", sa.String(64), primary_key=True),
        sa.Column("judge", sa.String(200), primary_key=True),
        sa.Column("grade", sa.Integer),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_index("ix_judgments_resource_id", "judgments", ["resource_id"])

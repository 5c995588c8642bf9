"""Where resources come from by themselves, and what is listed there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "19"
down_revision = "18"


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("every_s", sa.Integer, nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("paused_at", sa.String(40)),
        sa.Column("removed_at", sa.String(40)),
        sa.Column("keeps", sa.Boolean, nullable=False),
        sa.Column("due_at", sa.String(40)),
        sa.Column("asked", sa.String(8)),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("began_at", sa.String(40)),
        sa.Column("ended_at", sa.String(40)),
        sa.Column("good_at", sa.String(40)),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("failing_since", sa.String(40)),
        sa.Column("failing_why", sa.Text),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("confirmed", sa.Integer, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "listed",
        sa.Column("source_id", sa.String(16), primary_key=True),
        sa.Column("uri", sa.Text, primary_key=True),
        sa.Column("place", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("due", sa.Boolean, nullable=False),
        sa.Column("listed_revision", sa.Text, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("modified", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("item_id", sa.String(64)),
        sa.Column("stated", sa.JSON),
        sa.Column("restate", sa.Boolean, nullable=False),
        sa.Column("gone_since", sa.String(40)),
        sa.Column("failing_since", sa.String(40)),
        sa.Column("failing_why", sa.Text),
    )
    op.create_index("ix_listed_place", "listed", ["place"])

"""What OCR saw, files that are to be read again, and how often a worker crashed on one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "15"
down_revision = "14"


def upgrade() -> None:
    op.create_table(
        "sights",
        sa.Column("content_hash", sa.String(64), primary_key=True),
        sa.Column("place", sa.String(200), primary_key=True),
        sa.Column("engine", sa.String(64), nullable=False),
        sa.Column("seen", sa.JSON, nullable=False),
    )
    op.add_column("items", sa.Column("again", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("items", sa.Column("lost", sa.Integer, nullable=False, server_default="0"))

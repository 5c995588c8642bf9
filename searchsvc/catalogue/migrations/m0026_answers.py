"""What services said of identifiers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "26"
down_revision = "25"


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("service", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(400), primary_key=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
    )

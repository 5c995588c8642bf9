"""What a language model said of texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "16"
down_revision = "15"


def upgrade() -> None:
    op.create_table(
        "opinions",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("says", sa.String(8), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )

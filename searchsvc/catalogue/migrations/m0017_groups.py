"""Resources that groups alone see, files on their way in that are to be such, and the groups of keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "17"
down_revision = "16"


def upgrade() -> None:
    op.create_table(
        "restrictions",
        sa.Column("resource_id", sa.String(64), primary_key=True),
        sa.Column("group", sa.String(64), primary_key=True),
    )
    op.add_column("items", sa.Column("groups", sa.Text, nullable=False, server_default=""))
    op.add_column("keys", sa.Column("groups", sa.JSON, nullable=False, server_default="[]"))

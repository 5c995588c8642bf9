"""Who somebody is at the provider that they sign in with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20"
down_revision = "19"


def upgrade() -> None:
    op.add_column("users", sa.Column("subject", sa.String(64)))
    op.create_index("ix_users_subject", "users", ["subject"], unique=True)

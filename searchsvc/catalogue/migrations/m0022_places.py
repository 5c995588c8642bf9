"""Where things of the journal were found, so that what takes the place of something is a change of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "22"
down_revision = "21"


def upgrade() -> None:
    op.add_column("journal", sa.Column("places", sa.JSON, nullable=False, server_default="[]"))

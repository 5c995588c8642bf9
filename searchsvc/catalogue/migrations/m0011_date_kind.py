"""What happened on the date of a resource. Of those that are here already it is not known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "11"
down_revision = "10"


def upgrade() -> None:
    op.add_column("resources", sa.Column("date_kind", sa.String(16), nullable=False, server_default="published"))

"""When and where events are, and until when one can apply."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "27"
down_revision = "26"


def upgrade() -> None:
    op.add_column("resources", sa.Column("occasion", sa.JSON, nullable=False, server_default="{}"))

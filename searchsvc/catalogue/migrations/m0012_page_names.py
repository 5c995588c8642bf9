"""What a document calls its pages, such as iv. Of those that are here already it is not known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "12"
down_revision = "11"


def upgrade() -> None:
    op.add_column("passages", sa.Column("locator_name", sa.Text))

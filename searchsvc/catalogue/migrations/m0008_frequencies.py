"""In how many passages each term of BM25 stands; empty until the archive is indexed again, which its points ask for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"


def upgrade() -> None:
    term = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "frequencies",
        sa.Column("term", term, primary_key=True, autoincrement=False),
        sa.Column("passages", sa.Integer, nullable=False),
    )
    op.create_table(
        "vocabularies",
        sa.Column("resource_id", sa.String(64), primary_key=True),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("term_counts", sa.LargeBinary, nullable=False),
    )

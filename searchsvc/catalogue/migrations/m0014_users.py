"""People who sign in, their sessions and links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "14"
down_revision = "13"


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("login", sa.String(200), unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("password", sa.Text),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("disabled_at", sa.String(40)),
        sa.Column("removed_at", sa.String(40)),
        sa.Column("signed_in_at", sa.String(40)),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("seen_at", sa.String(40), nullable=False),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "signin_links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(16), nullable=False),
        sa.Column("expires_at", sa.String(40), nullable=False),
    )
    op.create_index("ix_signin_links_user_id", "signin_links", ["user_id"])
    op.create_table(
        "signin_tries",
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("began_at", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )

"""The schema from which archives are carried on: its tables as they were released, word by word."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "7"
down_revision = None


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in Path(__file__).with_name(f"schema_7.{dialect}.sql").read_text("utf-8").split(";\n\n"):
        op.get_bind().exec_driver_sql(statement.removesuffix(";\n"))

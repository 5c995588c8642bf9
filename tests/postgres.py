"""A PostgreSQL database of its own for a test, dropped afterwards. TEST_SEARCHSVC_POSTGRES_URL says where."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from searchsvc.catalogue.schema import metadata
from tests.variables import variable

DATABASES = ["sqlite", "postgresql"]

_URL = variable("POSTGRES_URL") or "postgresql://root@127.0.0.1:5432/test"


def emptied(url: str) -> None:
    """The tables of catalogue and jobs without a row: a new database takes a second, this does not."""
    with psycopg.connect(url) as server:
        for table in metadata.tables:
            server.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        if server.execute("SELECT to_regclass('dbos.workflow_status')").fetchone() != (None,):
            for table in ("workflow_status", "operation_outputs"):  # what a job has done is not done again
                server.execute(sql.SQL("DELETE FROM dbos.{}").format(sql.Identifier(table)))


@contextmanager
def fresh_database() -> Iterator[str]:
    """The URL of an empty database. Skips where there is no server; fails when CI=true."""
    try:
        server = psycopg.connect(_URL, connect_timeout=2, autocommit=True)
    except psycopg.OperationalError as error:
        reason = f"no PostgreSQL at {_URL}: {' '.join(str(error).split())}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    name = f"searchsvc_test_{uuid.uuid4().hex}"
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{_URL.partition('?')[0].rpartition('/')[0]}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

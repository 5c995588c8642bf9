"""A database that does not answer, told from one that says no."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa

__all__ = ["DATABASE_AWAY", "database_away"]

DATABASE_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)
_MAY_PASS = ("locked", "unable to open", "disk is full", "disk i/o")


def database_away(error: BaseException) -> str | None:
    """In one line why; None when the error is of another kind."""
    if not isinstance(error, DATABASE_AWAY):
        return None
    cause = getattr(error, "orig", None) or error
    said = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
    if isinstance(cause, sqlite3.Error) and not any(sign in said.lower() for sign in _MAY_PASS):
        return None
    return f"the database does not answer: {said}"

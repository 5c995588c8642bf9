"""A database of SQLite that is damaged, told as that wherever it shows."""

from __future__ import annotations

import sqlalchemy as sa

from searchsvc.errors import DamagedHomeError

__all__ = ["tell_damage"]

_SIGNS = ("malformed", "not a database", "disk image", "corrupt")


def tell_damage(engine: sa.Engine) -> None:
    """Have every statement that meets damage raise DamagedHomeError."""
    path = engine.url.database

    @sa.event.listens_for(engine, "handle_error")
    def _tell(context: sa.engine.ExceptionContext) -> None:
        reason = " ".join(str(context.original_exception).split())
        if any(sign in reason for sign in _SIGNS):
            raise DamagedHomeError(
                f"the catalogue {path} is damaged ({reason}). Stop searchsvc, and put back the last backup with "
                "`searchsvc restore TARGET --replace`; `searchsvc verify` says what is damaged."
            ) from context.original_exception

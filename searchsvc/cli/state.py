"""What all commands share: which settings, and the way to the service."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from searchsvc.cli.connection import Connection
    from searchsvc.settings import Settings

__all__ = ["State"]


@dataclass(frozen=True, slots=True)
class State:
    """home and config: as given on the command line."""

    home: Path | None
    config: Path | None

    def settings(self, **given: object) -> Settings:
        """Raises SettingsError."""
        from searchsvc.settings import load_settings

        return load_settings(home=self.home, config=self.config, **given)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """The service that owns the home when one runs, this process otherwise. Raises HomeBusyError and the like."""
        from searchsvc.cli.connection import connect

        connection = connect(self.settings())
        try:
            yield connection
        finally:
            connection.close()

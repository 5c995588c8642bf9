"""The command line, which waits for a home as long as it takes: no test hangs on how fast the machine is."""

from __future__ import annotations

from searchsvc.cli import main
from searchsvc.cli.connection import connect

if __name__ == "__main__":
    assert connect.__kwdefaults__ is not None
    connect.__kwdefaults__["patience_s"] = 300.0
    main()

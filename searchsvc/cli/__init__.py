"""The command line. Importing this is cheap: each command imports what it needs when it runs."""

from searchsvc.cli.app import main, program

__all__ = ["main", "program"]

"""`python -m searchsvc`."""

from searchsvc.cli import program

program()

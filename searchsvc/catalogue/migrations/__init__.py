"""One file for each step from a schema to the next, run by `searchsvc.catalogue.upgrade`.

`m0008_what_it_adds.py` has `revision = "8"`, `down_revision = "7"` and `upgrade()`, which says with `alembic.op` what
makes a database of schema 7 one of schema 8, on SQLite and PostgreSQL. docs/extending.md has an example.
"""

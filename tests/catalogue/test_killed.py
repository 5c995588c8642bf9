"""SIGKILL at moments drawn by chance while an archive of the last release is carried on: no row of it is lost.

One moment in the suite; TEST_SEARCHSVC_FAULTS=20 draws twenty.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from searchsvc.catalogue import schema, upgrade
from tests.backup.test_killed import moments, run
from tests.catalogue.test_upgrade import RELEASED, keeps, rows_of
from tests.ingest.test_durability import home

__all__ = ["home"]

UPGRADE = (
    "searchsvc.catalogue.upgrade:set_aside", "searchsvc.catalogue.upgrade:migrate",
    "alembic.operations:Operations.create_table", "alembic.operations:Operations.add_column",
    "alembic.operations:Operations.create_index", "alembic.operations:Operations.execute",
)  # fmt: skip


def test_an_upgrade_that_is_killed_anywhere_is_done_again_and_loses_no_row(home: Path) -> None:
    for number, moment in enumerate(moments("upgrade", UPGRADE, calls=12)):
        of_round = home / str(number)
        of_round.mkdir(parents=True, mode=0o700)
        url = f"sqlite:///{of_round / 'catalogue.sqlite'}"
        engine = upgrade.transactional(url)
        with engine.begin() as db:
            upgrade.migrate(db, None, 7)
            found = sa.MetaData()
            found.reflect(db, only=list(RELEASED))
            for name, rows in RELEASED.items():
                db.execute(sa.insert(found.tables[name]), rows)
        engine.dispose()
        before = rows_of(url)
        run(of_round, "ingest", "status", killed=moment)
        run(of_round, "ingest", "status")
        after = rows_of(url)
        keeps(after, before)
        assert {"key": "schema", "value": schema.SCHEMA} in after["meta"], moment

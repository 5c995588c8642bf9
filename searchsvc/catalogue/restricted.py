"""The catalogue as members of some groups see it, and nothing that they do not.

Each of its connections has a view in the place of every table, under the table's name, with the rows that may be seen.
So no query can leave the rest in: those that are written tomorrow, and those in plain SQL, find nothing else there. A
table that nothing is declared of is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from searchsvc.catalogue import changes as change
from searchsvc.catalogue import schema as t
from searchsvc.catalogue.catalogue import Catalogue
from searchsvc.catalogue.damage import tell_damage
from searchsvc.catalogue.edits import Row
from searchsvc.catalogue.frequencies import FrequenciesWithout
from searchsvc.catalogue.sights import Sights
from searchsvc.catalogue.vectors import StatementVectors
from searchsvc.filters import linked_fields
from searchsvc.model import Resource
from searchsvc.sight import GROUP, Hidden, Sight

__all__ = ["OneSees", "RestrictedCatalogue"]

# Entries of the register, groups, and where hidden resources are found -> what is left, and what is hidden by kind.
OneSees = Callable[[Sequence[Row], Sight, Collection[str]], tuple[list[Row], Mapping[str, frozenset[str]]]]

_ALL = (t.meta, t.deletions)
_SEEN: Mapping[sa.Table, str] = {
    t.resources: "id NOT IN ({hidden})",
    **dict.fromkeys((t.texts, t.links, t.locations, t.passages), "resource_id NOT IN ({hidden})"),
    t.items: "resource_id IN (SELECT id FROM {schema}.resources WHERE id NOT IN ({hidden}))"
    " AND uri NOT IN (SELECT uri FROM {schema}.locations WHERE resource_id IN ({hidden}))",
    t.sights: "content_hash IN (SELECT content_hash FROM {schema}.resources WHERE id NOT IN ({hidden}))",
}
_POOL = 5  # connections that are kept, of each of these


class RestrictedCatalogue(Catalogue):
    """For reading. What is kept by the hash of texts that whoever asks has to know, is that of the whole."""

    # the index of words has no view in its place
    _WORDS = f"{Catalogue._WORDS} AND EXISTS (SELECT 1 FROM passages WHERE passages.row = passages_fts.rowid)"

    def __init__(self, whole: Catalogue, groups: frozenset[str] | None, sees: OneSees) -> None:
        """groups: None for whoever sees all but what is withdrawn. sees: of the register what these groups see."""
        self._whole = whole
        self._sight = Sight(groups)
        self._sees = sees
        self._of_register: tuple[str | None, list[Row], Mapping[str, frozenset[str]]] = (None, [], {})
        self._of_resources: tuple[int, frozenset[str]] = (-1, frozenset())
        self._engine = _engine(whole._engine, groups)
        self.dialect = whole.dialect
        self._files = (None, [])
        self.sights = Sights(self._engine)
        self.statement_vectors = StatementVectors(whole._engine, tidies=False)
        self.frequencies = FrequenciesWithout(whole._engine, self._hidden_resources)
        self.introductions = whole.introductions
        self.journal = whole.journal
        self.watches = whole.watches
        self.letters = whole.letters
        self.opinions = whole.opinions
        self.verdicts = whole.verdicts
        self.erased = whole.erased

    def hidden(self) -> Hidden:
        """What is not seen now."""
        return Hidden(self._hidden_resources(), self._register()[1])

    def meta(self, key: str) -> str | None:
        """The register is another one, too, when other resources are hidden: it names places of these."""
        found = super().meta(key)
        return f"{found} {super().meta(change.RESTRICTED)}" if key == change.REGISTER_VERSION else found

    def changes_since(self, version: int) -> tuple[list[Resource], list[str]]:
        changed, deleted = super().changes_since(version)
        return changed, [*deleted, *self._hidden_resources()]

    def register(self) -> list[Row]:
        return list(self._register()[0])

    def _register(self) -> tuple[list[Row], Mapping[str, frozenset[str]]]:
        version = self.meta(change.REGISTER_VERSION)  # first: later changes come next
        known = self._of_register
        if known[0] is None or known[0] != version:
            rows = self._whole.register()
            seen = (rows, {}) if self._sight.everything else self._sees(rows, self._sight, self._hidden_places())
            known = self._of_register = version, *seen
        return known[1:]

    def _hidden_resources(self) -> frozenset[str]:
        version = self.version()  # first: later changes come next
        known = self._of_resources
        if known[0] != version:
            known = self._of_resources = version, self._whole.hidden_from(self._sight)
        return known[1]

    def _hidden_places(self) -> list[str]:
        return [*self._hidden_resources(), *self._whole.places_hidden_from(self._sight)]

    def _resources(self, query: sa.Select[Any]) -> list[Resource]:
        hidden = self._register()[1]
        found = super()._resources(query)
        return [_without(one, hidden) for one in found] if any(hidden.values()) else found


def _without(resource: Resource, hidden: Mapping[str, frozenset[str]]) -> Resource:
    """Without links to these. Whoever the register confirms as an author has a name, and where they work, from these
    entries: then it is as the file has it.
    """
    left: dict[str, Any] = {}
    for field in linked_fields():
        values = getattr(resource, field.attribute)
        seen = tuple(one for one in values if one not in hidden.get(field.name, ()))
        if seen != values:
            left[field.attribute] = seen
    return replace(resource, **left, confirmed_authors=()) if left else resource


def _engine(whole: sa.Engine, groups: Collection[str] | None) -> sa.Engine:
    engine = sa.create_engine(whole.url, pool_pre_ping=True, pool_size=_POOL)
    if engine.dialect.name == "sqlite":
        tell_damage(engine)
    statements = _statements(engine, groups)

    def shadow(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        if engine.dialect.name == "sqlite":
            schema = "main"
            t.configure_sqlite(connection, _record)
        else:
            cursor.execute("SELECT quote_ident(current_schema())")
            (schema,) = cursor.fetchone()
        for statement in statements:
            cursor.execute(statement.replace("{schema}", schema))
        if engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA query_only=ON")
        else:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        cursor.close()
        connection.commit()

    sa.event.listen(engine, "connect", shadow)
    return engine


def _statements(engine: sa.Engine, groups: Collection[str] | None) -> list[str]:
    """What makes the views; `{schema}` is where the tables are. groups: None for whoever sees those of all groups."""
    quote = engine.dialect.identifier_preparer.quote
    assert all(GROUP.fullmatch(one) for one in groups or ())
    hidden = f"SELECT resource_id FROM {{schema}}.{t.withdrawn.name}"
    if groups is not None:
        restricted = f"SELECT resource_id FROM {{schema}}.{t.restrictions.name}"
        mine = ", ".join(f"'{one}'" for one in sorted(groups))
        others = f" WHERE resource_id NOT IN ({restricted} WHERE {quote('group')} IN ({mine}))" if groups else ""
        hidden += f" UNION ALL {restricted}{others}"
    made = []
    for table in t.metadata.sorted_tables:
        if table not in _ALL:
            seen = _SEEN.get(table, "1 = 0").replace("{hidden}", hidden)
            name = quote(table.name)
            made.append(f"CREATE TEMPORARY VIEW {name} AS SELECT * FROM {{schema}}.{name} WHERE {seen}")
    return made

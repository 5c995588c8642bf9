"""What everything relies on of the catalogue, on both databases."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from searchsvc.catalogue import (
    REGISTER_VERSION,
    Catalogue,
    Item,
    Location,
    RestrictedCatalogue,
    StoredPassage,
    author_value,
)
from searchsvc.catalogue.schema import metadata
from searchsvc.errors import NotFoundError
from searchsvc.model import Author, Kind, Locator, Passage, Publication, Resource, Seen, WorkType
from tests.postgres import DATABASES, emptied, fresh_database


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with fresh_database() as made:
        yield made


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
        return
    made: str = request.getfixturevalue("postgresql")
    yield made
    emptied(made)


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    made = Catalogue(url)
    yield made
    made.close()


def resource(resource_id: str, **fields: Any) -> Resource:
    return replace(Resource(resource_id, Kind.PAPER, "A title", content_hash=resource_id * 8, added_at="1"), **fields)


def passage(resource_id: str, ordinal: int, text: str, **fields: Any) -> StoredPassage:
    made = replace(Passage(ordinal, text, 0, len(text), Locator("page", 1)), **fields)
    return StoredPassage(f"{resource_id}-{ordinal}", resource_id, made)


def put(catalogue: Catalogue, resource_id: str, *texts: str, uri: str = "", **given: Any) -> None:
    record = given.pop("resource", None) or resource(resource_id, copy_group=given.pop("copy_group", None))
    whole: dict[str, Any] = {"report": {}, "minhash": b"", "bands": [], "terms": [()] * len(texts), **given}
    catalogue.put(
        record,
        text="\n\n".join(texts),
        passages=[passage(resource_id, number, text) for number, text in enumerate(texts)],
        location=Location(uri or f"file:///{resource_id}", resource_id, "folder", "2026-01-01"),
        **whole,
    )


def item(item_id: str = "i1", **fields: Any) -> Item:
    whole = {"batch": "b", "number": 0, "uri": "file:///a", "name": "a", "source": "folder", "content_hash": "h" * 64}
    return Item(**{"id": item_id, "size_bytes": 3, "created_at": "2026-01-01", **whole, **fields})


def noted(catalogue: Catalogue) -> list[tuple[str, list[str], str | None]]:
    return [(one.resource_id, sorted(one.point_ids), one.content_hash) for one in catalogue.removals()]


# -- resources --------------------------------------------------------------------------------------------------------


def test_a_resource_comes_back_as_it_was_put(catalogue: Catalogue) -> None:
    whole = Resource(
        "a", Kind.PRESENTATION, "Ünïcode 😀", authors=(Author("Ann", "Lab", "0000-0001-2345-6789"), Author("Bo")),
        date="2021-03-04", year=2021, language="en", source="talks", url="https://e.org/x", site="e.org", summary="S",
        identifiers={"doi": "10.1/x"}, content_hash="a" * 64, media_type="application/pdf", file_name="x.pdf",
        size_bytes=5_000_000_000, words=3, passages=1, copy_group=None, people=("p1", "p2"), organizations=("o",),
        projects=("j",), added_at="2026-01-01", updated_at="2026-01-02",
    )  # fmt: skip
    links = {"person": ["p2", "p1"], "organization": ["o"], "project": ["j"]}
    put(catalogue, "a", "One two three.", resource=whole, links=links, report={"warnings": ["none"], "units": []})
    assert catalogue.resource("a") == whole
    assert catalogue.resources() == [whole]
    assert catalogue.resource_with_content("a" * 64) == whole
    assert catalogue.resource_with_content("b" * 64) is None
    assert catalogue.text("a") == ("One two three.", {"warnings": ["none"], "units": []})
    assert catalogue.has_resource("a") and not catalogue.has_resource("b")


def test_resources_are_listed_oldest_first(catalogue: Catalogue) -> None:
    for name, added in (("c", "3"), ("a", "2"), ("b", "1")):
        put(catalogue, name, "Words.", resource=resource(name, added_at=added))
    assert [one.id for one in catalogue.resources()] == ["b", "a", "c"]


def test_what_is_not_there_is_not_found(catalogue: Catalogue) -> None:
    for ask in (catalogue.resource, catalogue.text, catalogue.delete, catalogue.item):
        with pytest.raises(NotFoundError, match="nowhere"):
            ask("nowhere")
    assert catalogue.location("nowhere") is None
    assert catalogue.passages(["nowhere"]) == {} and catalogue.passages([]) == {}
    assert catalogue.passages_of("nowhere") == []


def test_a_passage_comes_back_as_it_was_put(catalogue: Catalogue) -> None:
    whole = Passage(0, "Text.", 3, 8, Locator("slide", 12, "Methods"), ("A", "B"), "Title > A > B", True)
    catalogue.put(
        resource("a"), text="", report={}, passages=[StoredPassage("p", "a", whole), passage("a", 1, "Last.")],
        terms=[(), ()], minhash=b"", bands=[], location=Location("u", "a", "s", "1"),
    )  # fmt: skip
    assert catalogue.passages_of("a")[0].passage == whole
    assert catalogue.passages(["p", "gone"])["p"].passage == whole
    assert catalogue.passage_count() == 2


def test_more_ids_than_a_query_may_hold_are_found(catalogue: Catalogue) -> None:
    put(catalogue, "a", *[f"Text {number}." for number in range(1203)])
    ids = [f"a-{number}" for number in range(1203)]
    assert set(catalogue.passages(ids)) == set(ids)


def test_a_change_replaces_all_that_was_there_and_notes_it_for_store_and_files(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Old words.", "More.", bands=["1:x"], minhash=b"m")
    put(catalogue, "a", "New words.", resource=resource("a", content_hash="f" * 64))
    assert catalogue.containing("old") == {}
    assert catalogue.containing("new") == {"a": ["a-0"]}
    assert catalogue.sharing_bands(["1:x"]) == {}
    assert noted(catalogue) == [("a", ["a-0", "a-1"], "a" * 8)]


def test_a_deleted_resource_is_gone_everywhere_and_noted_for_store_and_files(catalogue: Catalogue) -> None:
    put(catalogue, "a", "The vaginal ring.", bands=["1:x"], minhash=b"m", links={"person": ["p"]})
    catalogue.delete("a")
    assert catalogue.containing("ring") == {}
    assert catalogue.locations() == [] and catalogue.sharing_bands(["1:x"]) == {} and catalogue.passage_count() == 0
    assert noted(catalogue) == [("a", ["a-0"], "a" * 8)]
    for ask in (catalogue.resource, catalogue.text):
        with pytest.raises(NotFoundError):
            ask("a")
    put(catalogue, "a", "Back again.")
    assert catalogue.resource("a").people == ()


def test_a_removal_stays_until_it_is_done(catalogue: Catalogue) -> None:
    catalogue.note_points("a", ["p1", "p2"])
    [removal] = catalogue.removals()
    assert (removal.resource_id, removal.point_ids, removal.content_hash) == ("a", ["p1", "p2"], None)
    catalogue.removal_done(removal.id)
    assert catalogue.removals() == []


# -- places -----------------------------------------------------------------------------------------------------------


def test_one_resource_has_as_many_places_as_it_was_found_at(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Words.", uri="file:///1")
    catalogue.place(Location("file:///2", "a", "other", "2026-01-02"))
    assert [one.uri for one in catalogue.locations("a")] == ["file:///1", "file:///2"]
    assert catalogue.location("file:///2") == Location("file:///2", "a", "other", "2026-01-02")


def test_a_resource_whose_last_place_now_holds_another_is_gone(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Old words.", uri="file:///same")
    put(catalogue, "b", "New words.", uri="file:///same")
    assert [one.id for one in catalogue.resources()] == ["b"]
    assert noted(catalogue) == [("a", ["a-0"], "a" * 8)]


def test_a_resource_that_is_found_elsewhere_too_stays(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Old words.", uri="file:///same")
    catalogue.place(Location("file:///else", "a", "other", "1"))
    put(catalogue, "b", "New words.", uri="file:///same")
    assert {one.id for one in catalogue.resources()} == {"a", "b"}
    assert [one.uri for one in catalogue.locations("a")] == ["file:///else"]


# -- copies -----------------------------------------------------------------------------------------------------------


def groups(catalogue: Catalogue) -> dict[str, str | None]:
    return {one.id: one.copy_group for one in catalogue.resources()}


def test_resources_that_share_a_band_are_found(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Words.", bands=["1:x", "2:y"], minhash=b"A")
    put(catalogue, "b", "Words.", bands=["2:y"], minhash=b"B")
    assert catalogue.sharing_bands(["2:y", "1:x"]) == {"a": b"A", "b": b"B"}
    assert catalogue.sharing_bands(["9:z"]) == {} and catalogue.sharing_bands([]) == {}


def test_a_copy_joins_others_and_their_groups_become_one(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Words.")
    put(catalogue, "b", "Words.", copy_group="g", copies=["a"])
    put(catalogue, "c", "Words.", copy_group="h")
    put(catalogue, "d", "Words.", copy_group="h", copies=["c"])
    assert groups(catalogue) == {"a": "g", "b": "g", "c": "h", "d": "h"}
    assert catalogue.copy_groups(["a", "c"]) == {"g", "h"}
    put(catalogue, "e", "Words.", copy_group="g", copies=["b", "c"])
    assert set(groups(catalogue).values()) == {"g"}


def test_a_group_that_has_one_left_is_none(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Words.")
    put(catalogue, "b", "Words.", copy_group="g", copies=["a"])
    put(catalogue, "b", "Other words.")
    assert groups(catalogue) == {"a": None, "b": None}
    put(catalogue, "b", "Words.", copy_group="g", copies=["a"])
    catalogue.delete("a")
    assert groups(catalogue) == {"b": None}


# -- words ------------------------------------------------------------------------------------------------------------


def test_a_phrase_is_found_only_where_its_words_stand_together(catalogue: Catalogue) -> None:
    put(catalogue, "a", "The vaginal ring releases slowly.", "A vaginal ring.", "Nothing.")
    put(catalogue, "b", "A ring that is vaginal.")
    found = catalogue.containing("Vaginal ring")
    assert {name: sorted(ids) for name, ids in found.items()} == {"a": ["a-0", "a-1"]}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Women with HIV-1 took part.", "HIV-1"),
        ("Women with HIV-1 took part.", "with hiv 1 took"),
        ("From mother-to-child transmission.", "from mother to child transmission"),
        ("Gels and/or rings.", "gels and or rings"),
        ("See https://example.org/a/b.html now.", "example org a b html now"),
        ("Mail ann@example.org.", "ann@example.org"),
        ("In 2.5 mg a day", "2.5 mg"),
        ("The Café of Zürich", "cafe of zurich"),
        ("The cafe\u0301 here", "CAFÉ here"),
        ("the snake_case name", "snake case name"),
        ("a “quoted” word—and more", "quoted word and"),
        ("It's O'Neil's.", "o'neil's"),
        ("Исследование вакцины", "исследование вакцины"),
        ("the and of a", "the and of"),
        ("x <b>bold</b> y", "bold"),
    ],
)
def test_both_databases_agree_on_what_a_word_is(catalogue: Catalogue, text: str, phrase: str) -> None:
    put(catalogue, "a", text)
    put(catalogue, "b", "Something else.")
    assert set(catalogue.containing(phrase)) == {"a"}


@pytest.mark.parametrize(
    "phrase",
    ["", "  ", '"', "*", "NOT", "ring OR", "a" * 9000, "é" * 9000, "x1" * 4000, "\x00", "\ud800", "%", ":x", "(", "😀"],
)
def test_odd_phrases_find_nothing_and_break_nothing(catalogue: Catalogue, phrase: str) -> None:
    put(catalogue, "a", "The vaginal ring.")
    assert catalogue.containing(phrase) == {}


def test_a_word_is_not_found_inside_another(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Springs and ringing.")
    assert catalogue.containing("ring") == {}


# -- versions and changes ---------------------------------------------------------------------------------------------


def test_every_change_of_what_can_be_found_moves_the_version(catalogue: Catalogue) -> None:
    seen = [catalogue.version()]

    def moved() -> bool:
        seen.append(catalogue.version())
        return seen[-1] > seen[-2]

    put(catalogue, "a", "Words.", uri="file:///a")
    assert moved()
    catalogue.place(Location("file:///b", "a", "s", "1"))
    assert moved()
    assert catalogue.set_links("a", {"person": ["p"]}) and moved()
    assert not catalogue.set_links("a", {"person": ["p"]}) and not moved()
    catalogue.put_register([("p", "person", "Ann", {})])
    assert moved()
    catalogue.note_points("a", ["p1"])
    catalogue.add_items([item()])
    assert not moved()
    catalogue.delete("a")
    assert moved()


def test_readers_are_told_what_changed_since(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Words.")
    put(catalogue, "b", "Words.")
    at = catalogue.version()
    assert catalogue.changes_since(at) == ([], [])
    put(catalogue, "c", "Words.", copy_group="g", copies=["a"])
    catalogue.set_links("b", {"project": ["j"]})
    changed, deleted = catalogue.changes_since(at)
    assert ({one.id for one in changed}, deleted) == ({"a", "b", "c"}, [])
    at = catalogue.version()
    catalogue.delete("c")
    changed, deleted = catalogue.changes_since(at)
    assert ([(one.id, one.copy_group) for one in changed], deleted) == ([("a", None)], ["c"])
    put(catalogue, "c", "Words.")
    assert catalogue.changes_since(at)[1] == []


def test_what_threads_change_at_the_same_time_is_all_there(catalogue: Catalogue) -> None:
    failures: list[BaseException] = []

    def write(thread: int) -> None:
        try:
            for number in range(6):
                put(catalogue, f"r{thread}-{number}", "Words of a thread.", links={"person": [f"p{thread}"]})
                catalogue.place(Location("file:///contested", f"r{thread}-{number}", "s", "1"))
                catalogue.set_links(f"r{thread}-{number}", {"person": ["p"]})
        except BaseException as error:
            failures.append(error)

    before = catalogue.version()
    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(catalogue.resources()) == 24 and catalogue.passage_count() == 24
    assert catalogue.version() == before + 72


def test_a_catalogue_opens_with_what_was_in_it(url: str) -> None:
    first = Catalogue(url)
    put(first, "a", "The vaginal ring.")
    second = Catalogue(url)
    assert second.containing("vaginal ring") == first.containing("vaginal ring") == {"a": ["a-0"]}
    first.close()
    second.close()


def test_meta_is_kept_and_replaced(catalogue: Catalogue) -> None:
    assert catalogue.meta("generation") is None
    catalogue.set_meta("generation", "one")
    catalogue.set_meta("generation", "two")
    assert catalogue.meta("generation") == "two"


# -- items ------------------------------------------------------------------------------------------------------------


def test_items_of_a_batch_come_in_the_order_they_were_handed_in_and_all_newest_first(catalogue: Catalogue) -> None:
    catalogue.add_items([item(f"i{number}", number=number) for number in (2, 0, 1)])
    catalogue.add_items([item("late", batch="c", created_at="2026-02-01", status="failed", reason="too large")])
    assert [one.id for one in catalogue.items(batch="b")] == ["i0", "i1", "i2"]
    assert [one.id for one in catalogue.items()] == ["late", "i0", "i1", "i2"]
    assert [one.id for one in catalogue.items(limit=1)] == ["late"]
    assert [one.id for one in catalogue.items(status="queued", limit=2)] == ["i0", "i1"]
    assert catalogue.item("late") == item(
        "late", batch="c", created_at="2026-02-01", status="failed", reason="too large"
    )
    assert catalogue.item_counts() == {"queued": 3, "failed": 1}
    assert catalogue.item_counts("b") == {"queued": 3}


def test_an_item_is_finished_with_its_resource_in_one_step(catalogue: Catalogue) -> None:
    catalogue.add_items([item()])
    done = item(status="indexed", resource_id="a", finished_at="2026-01-02")
    put(catalogue, "a", "Words.", item=done)
    assert catalogue.item("i1") == done
    again = replace(done, status="duplicate")
    catalogue.place(Location("file:///2", "a", "s", "1"), again)
    assert catalogue.item("i1") == again


def test_an_item_is_queued_again_once_only(catalogue: Catalogue) -> None:
    failed = item(status="failed", reason="damaged", finished_at="2026-01-02")
    catalogue.add_items([failed])
    again = catalogue.renew_item(failed)
    assert again == item(attempt=2) == catalogue.item("i1")
    assert catalogue.renew_item(failed) is None
    catalogue.finish_item(replace(again, status="indexed"))
    assert catalogue.renew_item(again) is None


def test_a_file_is_needed_while_a_resource_or_an_unfinished_item_has_it(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Words.")
    catalogue.add_items([item("w"), item("f", content_hash="f" * 64, status="failed")])
    catalogue.add_items([item("d", content_hash="d" * 64, status="indexed")])
    needed = {one: catalogue.content_in_use(one) for one in ("a" * 8, "h" * 64, "f" * 64, "d" * 64)}
    assert needed == {"a" * 8: True, "h" * 64: True, "f" * 64: True, "d" * 64: False}


# -- workers, register ------------------------------------------------------------------------------------------------


def test_workers_are_known_by_their_last_beat(catalogue: Catalogue) -> None:
    catalogue.beat("one", 100.0)
    catalogue.beat("two", 150.0)
    assert catalogue.workers_seen_since(120) == {"two"}
    catalogue.beat("one", 160.5)
    assert catalogue.workers_seen_since(120) == {"one", "two"}
    catalogue.forget_worker("one")
    catalogue.forget_worker("never there")
    assert catalogue.workers_seen_since(0) == {"two"}


def test_the_register_is_replaced_as_a_whole(catalogue: Catalogue) -> None:
    assert catalogue.register() == []
    catalogue.put_register([("p", "person", "Ann", {"aliases": ["A."]}), ("o", "organization", "Lab", {})])
    first = catalogue.meta(REGISTER_VERSION)
    assert catalogue.register() == [("o", "organization", "Lab", {}), ("p", "person", "Ann", {"aliases": ["A."]})]
    catalogue.put_register([("j", "project", "Ring", {})])
    assert catalogue.register() == [("j", "project", "Ring", {})]
    assert first and catalogue.meta(REGISTER_VERSION) != first


def test_links_are_replaced_field_by_field(catalogue: Catalogue) -> None:
    put(catalogue, "a", "Words.", links={"person": ["p1"], "organization": ["o"]})
    assert catalogue.set_links("a", {"person": ["p2", "p3"]})
    found = catalogue.resource("a")
    assert (found.people, found.organizations, found.projects) == (("p2", "p3"), (), ())


def test_how_a_work_was_published_and_who_is_confirmed_is_kept(catalogue: Catalogue) -> None:
    publication = Publication(WorkType.ARTICLE, "Journal of Clay", "12", None, "45-67")
    put(catalogue, "a", "Words.", resource=resource("a", authors=(Author("A. O."),), publication=publication))
    assert catalogue.resource("a").publication == publication
    put(catalogue, "b", "Words.")
    assert catalogue.resource("b").publication == Publication()
    confirmed = [Author(f"Author {number}", 'The "Lab"', None) for number in range(12)]
    catalogue.set_links("a", {"author": [author_value(*one) for one in enumerate(confirmed)]})
    assert catalogue.resource("a").shown_authors == tuple(confirmed)
    catalogue.set_links("a", {})
    assert catalogue.resource("a").shown_authors == (Author("A. O."),)


def test_what_store_and_files_had_still_to_forget_is_known_after_a_backup_is_put_back(catalogue: Catalogue) -> None:
    with tempfile.TemporaryFile() as dumped:
        catalogue.whole.dump(dumped)
        put(catalogue, "a", "Words.")
        catalogue.delete("a")
        dumped.seek(0)
        before = noted(catalogue)
        catalogue.whole.replace(dumped)
    assert noted(catalogue) == before != []


def test_a_connection_that_a_thread_has_is_closed_when_it_is_given_back_after_the_end(url: str) -> None:
    catalogue = Catalogue(url)
    connections = [catalogue._engine.connect()]
    catalogue.close()
    connections.append(catalogue._engine.connect())  # a thread that has not noticed
    given: list[Any] = [one.connection.dbapi_connection for one in connections]
    for one in connections:
        one.close()
    for one in given:
        with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
            one.execute("SELECT 1")


# -- locks ------------------------------------------------------------------------------------------------------------


def test_names_are_held_by_one_at_a_time_in_every_process(url: str) -> None:
    first, second = Catalogue(url), Catalogue(url)  # as two processes would have it, but for SQLite, which one has
    other = second if first.dialect == "postgresql" else first
    with first.locks.held("a", "b") as held:
        assert held
        with other.locks.held("b", wait=False) as taken, other.locks.held("c", wait=False) as free:
            assert (taken, free) == (False, True)
        waiting = threading.Thread(target=lambda: _hold(other, "c", "a"))
        waiting.start()
        waiting.join(timeout=0.1)
        assert waiting.is_alive()
    waiting.join(timeout=120)
    assert not waiting.is_alive()
    with other.locks.held("a", "b", wait=False) as held:
        assert held
    first.close()
    second.close()


def test_that_a_name_is_taken_can_be_seen_in_every_process(url: str) -> None:
    first, second = Catalogue(url), Catalogue(url)
    other = second if first.dialect == "postgresql" else first
    with first.locks.held("a"):
        assert first.locks.taken("a") and other.locks.taken("a") and not other.locks.taken("b")
    assert not first.locks.taken("a") and not other.locks.taken("a")
    first.close()
    second.close()


def _hold(catalogue: Catalogue, *names: str) -> None:
    with catalogue.locks.held(*names):
        pass


def test_a_lock_is_given_up_when_the_work_fails(catalogue: Catalogue) -> None:
    with pytest.raises(RuntimeError), catalogue.locks.held("a"):
        raise RuntimeError
    with catalogue.locks.held("a", wait=False) as held:
        assert held


def test_whoever_is_in_no_group_finds_no_row_of_what_is_restricted_to_one(catalogue: Catalogue) -> None:
    """Whatever is asked, of whichever table; one that nothing was declared of has no rows."""
    put(catalogue, "open", "Rings and gels.")
    put(catalogue, "shut", "Rings one.", "Rings two.", "Rings three.", uri="file:///place")
    catalogue.sights.put("shut" * 8, "page 1", "eyes", Seen(()))
    catalogue.restrict("shut", ["board"])
    catalogue.add_items([replace(item("i"), groups="board"), replace(item("j"), resource_id="open")])
    assert catalogue.groups() == {"board"}
    nobody, member = (
        RestrictedCatalogue(catalogue, frozenset(groups), lambda rows, *_: (list(rows), {}))
        for groups in ([], ["board"])
    )
    said = {}
    for table in metadata.sorted_tables:
        with nobody._engine.connect() as db:
            said[table.name] = repr(db.execute(sa.select(table)).all())
    assert [name for name, rows in said.items() if "shut" in rows or "board" in rows] == []
    assert {name for name, rows in said.items() if rows != "[]"} == {
        "resources", "texts", "locations", "passages", "items", "meta",
    }  # fmt: skip
    assert [one.id for one in nobody.resources()] == ["open"]
    assert [len(places or ()) for places in nobody.standing([["ring"]], most=1)] == [1], "seldom for whoever sees it"
    assert member.standing([["ring"]], most=1) == catalogue.standing([["ring"]], most=1) == [None]
    assert [one.id for one in member.resources()] == ["open", "shut"]
    assert nobody.changes_since(0)[1] == ["shut"] and member.changes_since(0)[1] == []
    with pytest.raises(sa.exc.SQLAlchemyError):
        nobody.set_meta("version", "0")
    put(catalogue, "next", "Rings four.", uri="file:///place")
    assert [one.id for one in nobody.resources()] == ["open"], "what comes to its place is as it was"
    catalogue.restrict("next", [])
    assert [one.id for one in nobody.resources()] == ["next", "open"] and not nobody.hidden().resources
    for one in (nobody, member):
        one.close()

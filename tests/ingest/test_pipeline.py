"""What happens to a file that is handed in, changed, removed, or met by a crash. After every test store, files and
catalogue must say the same.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

import pytest

from ingest.extract.protocol import ExtractLimits
from ingest.pipeline import Pipeline
from searchsvc.catalogue import Catalogue, Item
from searchsvc.errors import NotFoundError, StoreError
from searchsvc.filters import Filter
from searchsvc.register import Entry
from tests.ingest.kit import MAX_BYTES, Bench, Crash, in_threads, sections, text_of
from tests.postgres import fresh_database

RING = sections("Rings", "kisumuring", "durbanring", "costring")
RING_LATER = sections("Rings", "kisumuring", "lusakaring", "costring")
GEL = sections("Gels", "gelone", "geltwo")
FILM = "# Films\n\n" + text_of("filmword", 300)
HERE, THERE = "file:///a/x.md", "file:///b/y.md"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    try:
        made.level()
    finally:
        made.close()


def statuses(bench: Bench, *items: Item) -> list[str]:
    return [bench.catalogue.item(item.id).status for item in items]


# -- the same bytes ---------------------------------------------------------------------------------------------------


def test_the_same_bytes_at_two_places_are_one_resource_and_encoded_once(bench: Bench) -> None:
    first, second = bench.add(HERE, RING), bench.add(THERE, RING)
    assert (first.status, second.status) == ("indexed", "duplicate")
    assert first.resource_id == second.resource_id
    assert [one.uri for one in bench.catalogue.locations()] == [HERE, THERE]
    assert len(bench.encoded) == bench.store.count() == 3
    assert bench.found("kisumuring") == {first.resource_id}


def test_the_same_bytes_coming_at_the_same_time_are_one_resource_and_encoded_once(bench: Bench) -> None:
    items = [bench.stage(f"file:///{number}.md", RING) for number in range(4)]
    in_threads(*(partial(bench.pipeline.process, item.id) for item in items))
    assert sorted(statuses(bench, *items)) == ["duplicate"] * 3 + ["indexed"]
    assert len(bench.catalogue.locations()) == 4
    assert len(bench.encoded) == 3


def test_a_file_that_did_not_change_is_left_as_it_is(bench: Bench) -> None:
    bench.add(HERE, RING)
    version = bench.catalogue.version()
    assert bench.add(HERE, RING).status == "unchanged"
    assert bench.catalogue.version() == version
    assert len(bench.encoded) == 3


def test_a_finished_item_is_not_done_again(bench: Bench) -> None:
    item = bench.add(HERE, RING)
    assert bench.pipeline.process(item.id) == item
    assert len(bench.encoded) == 3
    with pytest.raises(NotFoundError):
        bench.pipeline.process("nowhere")


# -- changes ----------------------------------------------------------------------------------------------------------


def test_a_changed_file_stays_the_same_resource_and_only_what_changed_is_encoded(bench: Bench) -> None:
    before = bench.resource(bench.add(HERE, RING))
    bench.encoded.clear()
    item = bench.add(HERE, RING_LATER)
    after = bench.resource(item)
    assert (item.status, after.id, after.added_at) == ("indexed", before.id, before.added_at)
    assert ["lusakaring" in text for text in bench.encoded] == [True]
    assert bench.found("durbanring") == set() and bench.catalogue.containing("durbanring") == {}
    assert bench.found("lusakaring") == bench.found("kisumuring") == {before.id}
    assert bench.files_kept() == {after.content_hash}


def test_a_new_title_is_encoded_with_every_passage(bench: Bench) -> None:
    bench.add(HERE, RING)
    bench.encoded.clear()
    bench.add(HERE, RING.replace("# Rings", "# Other rings", 1))
    assert len(bench.encoded) == 3


def test_passages_that_move_keep_their_vectors_and_know_their_new_place(bench: Bench) -> None:
    item = bench.add(HERE, sections("Rings", "one", "two", "three"))
    bench.encoded.clear()
    bench.add(HERE, sections("Rings", "three", "one", "two"))
    assert bench.encoded == []
    stored = bench.catalogue.passages_of(item.resource_id or "")
    points = bench.store.points([one.id for one in stored])
    assert [points[one.id].payload["ordinal"] for one in stored] == [0, 1, 2]


def test_passages_with_the_same_words_are_all_there(bench: Bench) -> None:
    twice = f"# Twice\n\n## Same\n\n{text_of('same')}\n\n## Same\n\n{text_of('same')}\n"
    item = bench.add(HERE, twice)
    assert bench.resource(item).passages == 2


def test_a_file_found_at_two_places_that_changes_at_one_stays_as_it_was_at_the_other(bench: Bench) -> None:
    old = bench.add(HERE, RING)
    bench.add(THERE, RING)
    new = bench.add(HERE, RING_LATER)
    assert new.resource_id != old.resource_id
    assert bench.found("durbanring") == {old.resource_id} and bench.found("lusakaring") == {new.resource_id}


def test_a_file_that_becomes_a_copy_of_another_leaves_nothing_of_what_it_was(bench: Bench) -> None:
    old, gel = bench.add(HERE, RING), bench.add(THERE, GEL)
    assert bench.add(HERE, GEL).status == "duplicate"
    assert [one.id for one in bench.catalogue.resources()] == [gel.resource_id]
    assert bench.found("kisumuring") == set()
    with pytest.raises(NotFoundError):
        bench.catalogue.resource(old.resource_id or "")
    assert bench.files_kept() == {gel.content_hash}


def test_a_file_that_changes_and_changes_back_is_found_as_it_is(bench: Bench) -> None:
    first = bench.add(HERE, RING)
    bench.add(HERE, GEL)
    last = bench.add(HERE, RING)
    assert last.resource_id == first.resource_id
    assert bench.found("durbanring") == {first.resource_id} and bench.found("gelone") == set()


def test_a_template_that_is_filled_in_at_many_places_becomes_as_many_resources(bench: Bench) -> None:
    ids = set()
    for number in range(5):
        bench.add(f"file:///{number}.md", GEL)
        ids.add(bench.add(f"file:///{number}.md", sections("Filled in", f"answer{number}", "question")).resource_id)
    assert len(ids) == 5
    assert [bench.found(f"answer{number}") for number in range(5)] == [
        {bench.catalogue.location(f"file:///{number}.md").resource_id} for number in range(5)  # type: ignore[union-attr]
    ]  # fmt: skip


def test_bytes_that_come_while_their_resource_changes_are_not_lost(bench: Bench) -> None:
    bench.add(HERE, RING)
    encoding, goes_on = threading.Event(), threading.Event()

    def wait(texts: object) -> None:
        encoding.set()
        assert goes_on.wait(120)

    bench.when_encoding = wait
    changed, same = bench.stage(HERE, RING_LATER), bench.stage(THERE, RING)
    first = threading.Thread(target=bench.pipeline.process, args=(changed.id,))
    second = threading.Thread(target=bench.pipeline.process, args=(same.id,))
    first.start()
    assert encoding.wait(120)
    second.start()
    second.join(timeout=0.2)
    goes_on.set()
    first.join(120)
    second.join(120)
    at_there = bench.catalogue.location(THERE)
    assert at_there and bench.found("durbanring") == {at_there.resource_id}
    assert bench.found("lusakaring") == {bench.catalogue.item(changed.id).resource_id}


# -- removals ---------------------------------------------------------------------------------------------------------


def test_a_removed_resource_is_gone_everywhere(bench: Bench) -> None:
    ring = bench.add(HERE, RING, source="talks")
    other = bench.add(THERE, sections("More on rings", "kisumuring", "durbanring", "elsewhere"), source="papers")
    assert bench.related(other.resource_id or "") == {ring.resource_id}
    assert bench.facet("source") == {"talks": 1, "papers": 1}
    bench.pipeline.remove(ring.resource_id or "")
    assert bench.found("costring") == set() and bench.catalogue.containing("costring") == {}
    assert bench.related(other.resource_id or "") == set()
    assert bench.facet("source") == {"papers": 1}
    assert bench.store.count(Filter(resource_id=(ring.resource_id or "",))) == 0 < bench.store.count()
    assert bench.files_kept() == {other.content_hash}
    assert bench.catalogue.location(HERE) is None
    with pytest.raises(NotFoundError):
        bench.pipeline.remove(ring.resource_id or "")


def test_what_is_removed_while_the_same_bytes_wait_comes_back_with_them(bench: Bench) -> None:
    ring = bench.add(HERE, RING)
    waiting = bench.stage(THERE, RING)
    bench.pipeline.remove(ring.resource_id or "")
    assert bench.found("kisumuring") == set()
    assert bench.files_kept() == {ring.content_hash}
    done = bench.pipeline.process(waiting.id)
    assert done.status == "indexed"
    assert bench.found("kisumuring") == {done.resource_id}


def test_what_is_removed_while_it_changes_is_gone_afterwards(bench: Bench) -> None:
    ring = bench.add(HERE, RING)
    encoding, goes_on = threading.Event(), threading.Event()

    def wait(texts: object) -> None:
        encoding.set()
        assert goes_on.wait(120)

    bench.when_encoding = wait
    changing = threading.Thread(target=bench.pipeline.process, args=(bench.stage(HERE, RING_LATER).id,))
    removing = threading.Thread(target=bench.pipeline.remove, args=(ring.resource_id,))
    changing.start()
    assert encoding.wait(120)
    removing.start()
    removing.join(timeout=0.2)
    goes_on.set()
    changing.join(120)
    removing.join(120)
    assert bench.catalogue.resources() == [] and bench.store.count() == 0


def test_what_is_about_to_be_forgotten_and_comes_back_stays(bench: Bench) -> None:
    ring = bench.add(HERE, RING)
    with bench.failing(bench.store, "delete", Crash()), pytest.raises(Crash):
        bench.pipeline.remove(ring.resource_id or "")

    def forget(*_: object, **__: object) -> None:  # what another thread does just before the catalogue is written
        thread = threading.Thread(target=bench.pipeline.forget_removed)
        thread.start()
        thread.join(120)

    put = bench.catalogue.put

    def put_later(*args: object, **given: object) -> None:
        forget()
        put(*args, **given)  # type: ignore[arg-type]

    bench.catalogue.put = put_later  # type: ignore[method-assign]
    back = bench.add(HERE, RING)
    assert back.status == "indexed"
    assert bench.found("kisumuring") == {back.resource_id}


# -- files that fail --------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_says_why_and_leaves_all_others_alone(bench: Bench) -> None:
    good = bench.add(HERE, RING)
    bad = bench.add(THERE, b"%PDF-1.7 and then nothing")
    empty = bench.add("file:///empty.md", b"")
    assert (bad.status, empty.status) == ("failed", "failed")
    assert bad.reason and empty.reason and "\n" not in bad.reason + empty.reason
    assert bench.catalogue.item(bad.id).finished_at
    assert [one.id for one in bench.catalogue.resources()] == [good.resource_id]


def test_a_version_that_cannot_be_read_leaves_the_last_one_in_place(bench: Bench) -> None:
    good = bench.add(HERE, RING)
    assert bench.add(HERE, b"\x00\x01\x02").status == "failed"
    assert bench.found("kisumuring") == {good.resource_id}


def test_a_file_that_failed_can_be_tried_again(bench: Bench, tmp_path: Path) -> None:
    strict = Pipeline.__new__(Pipeline)
    strict.__dict__.update(bench.pipeline.__dict__, _limits=ExtractLimits(max_unpacked_bytes=100))
    item = bench.stage("file:///x.html.gz", gzip.compress(f"<h1>A</h1><p>{text_of('packed')}</p>".encode()))
    failed = strict.process(item.id)
    assert failed.status == "failed"
    again = bench.catalogue.renew_item(failed)
    assert again and bench.pipeline.process(again.id).status == "indexed"
    assert len(bench.found("packed")) == 1


def test_a_file_that_is_too_large_is_refused_when_it_is_handed_in(bench: Bench) -> None:
    item = bench.stage(HERE, b"x" * (MAX_BYTES + 1))
    assert item.status == "failed" and "max_upload_mb" in (item.reason or "")
    assert bench.files_kept() == set()
    assert bench.pipeline.process(item.id).status == "failed"


def test_a_file_that_is_gone_from_the_file_store_fails_with_its_reason(bench: Bench) -> None:
    item = bench.stage(HERE, RING)
    bench.files.delete(item.content_hash)
    failed = bench.pipeline.process(item.id)
    assert (failed.status, "gone from the file store" in (failed.reason or "")) == ("failed", True)


def test_a_file_without_text_is_kept_and_found_by_its_title(bench: Bench) -> None:
    item = bench.add("file:///Scanned minutes.md", "---\ntitle: Scanned minutes\n---\n")
    assert item.status == "indexed" and "no text" in (item.reason or "")
    assert bench.resource(item).passages == 0 and bench.store.count() == 0
    assert bench.found("scanned minutes") == {item.resource_id}
    bench.add("file:///Scanned minutes.md", RING)
    assert bench.found("kisumuring") == {item.resource_id}
    bench.pipeline.remove(item.resource_id or "")


# -- copies -----------------------------------------------------------------------------------------------------------


def groups(bench: Bench) -> dict[str, str | None]:
    return {one.file_name: one.copy_group for one in bench.catalogue.resources()}


def test_near_duplicates_are_one_group_and_others_are_not(bench: Bench) -> None:
    for number in range(3):
        bench.add(f"file:///{number}.md", f"{FILM}\n\nVersion {number}.\n")
    bench.add(HERE, GEL)
    found = groups(bench)
    assert found.pop("x.md") is None
    assert len(set(found.values())) == 1 and None not in found.values()
    assert len(bench.found("filmword")) == 3


def test_near_duplicates_that_come_at_the_same_time_are_one_group(bench: Bench) -> None:
    items = [bench.stage(f"file:///{number}.md", f"{FILM}\n\nVersion {number}.\n") for number in range(3)]
    in_threads(*(partial(bench.pipeline.process, item.id) for item in items))
    assert statuses(bench, *items) == ["indexed"] * 3
    assert len(set(groups(bench).values())) == 1 and None not in groups(bench).values()


def test_near_duplicates_that_come_to_two_workers_at_the_same_time_are_one_group(tmp_path: Path) -> None:
    with fresh_database() as url:
        bench = Bench(tmp_path, catalogue_url=url)
        other = Catalogue(url)
        items = [bench.stage(f"file:///{number}.md", f"{FILM}\n\nVersion {number}.\n") for number in range(2)]
        items += [bench.stage(f"file:///same{number}.md", RING) for number in range(2)]
        workers = [bench.pipeline, bench.another_pipeline(other)] * 2
        in_threads(*(partial(one.process, item.id) for one, item in zip(workers, items, strict=True)))
        assert sorted(statuses(bench, *items)) == ["duplicate", "indexed", "indexed", "indexed"]
        found = groups(bench)
        assert found["0.md"] == found["1.md"] is not None
        bench.level()
        other.close()
        bench.close()


def test_a_copy_that_changes_leaves_its_group_and_the_last_one_is_no_copy(bench: Bench) -> None:
    for number in range(3):
        bench.add(f"file:///{number}.md", f"{FILM}\n\nVersion {number}.\n")
    bench.add("file:///0.md", RING)
    found = groups(bench)
    assert found["0.md"] is None and found["1.md"] == found["2.md"] is not None
    bench.add("file:///1.md", GEL)
    assert set(groups(bench).values()) == {None}


def test_a_group_does_not_take_in_copies_of_what_a_former_member_became(bench: Bench) -> None:
    for number in range(3):
        bench.add(f"file:///{number}.md", f"{FILM}\n\nVersion {number}.\n")
    other = "# Other\n\n" + text_of("otherword", 300)
    bench.add("file:///0.md", f"{other}\n\nVersion.\n")
    bench.add("file:///copy.md", f"{other}\n\nAnother version.\n")
    found = groups(bench)
    assert found["copy.md"] == found["0.md"] and found["1.md"] == found["2.md"]
    assert found["copy.md"] != found["1.md"]


def test_a_removed_copy_leaves_the_other_alone(bench: Bench) -> None:
    first, second = bench.add(HERE, FILM), bench.add(THERE, f"{FILM}\n\nMore.\n")
    bench.pipeline.remove(first.resource_id or "")
    assert bench.resource(second).copy_group is None


# -- the register -----------------------------------------------------------------------------------------------------

ANN = Entry("p-ann", "person", "Ann Okello", {"orcid": "0000-0002-1825-0097", "organization": "o-lab"})
LAB = Entry("o-lab", "organization", "The Lab", {})
PROJECT = Entry("j-ring", "project", "Ring study", {"resources": ["b/y.md"], "organizations": ["o-lab"]})
ANNS = f"---\nauthors:\n  - name: Ann Okello\n    orcid: 0000-0002-1825-0097\n---\n{RING}"


def links(bench: Bench, item: Item) -> tuple[tuple[str, ...], ...]:
    one = bench.resource(item)
    return one.people, one.organizations, one.projects


def test_links_of_the_register_are_in_catalogue_filters_and_facets(bench: Bench) -> None:
    bench.put_register(ANN, LAB, PROJECT)
    item = bench.add(THERE, ANNS)
    assert links(bench, item) == (("p-ann",), ("o-lab",), ("j-ring",))
    assert {tuple(one["person"]) for one in bench.payloads(item.resource_id or "")} == {("p-ann",)}  # type: ignore[arg-type]
    assert bench.store.count(Filter({"project": ("j-ring",), "organization": ("o-lab",), "person": ("p-ann",)})) == 3
    assert bench.facet("person") == {"p-ann": 1}


def test_a_changed_register_changes_what_is_in_already(bench: Bench) -> None:
    item = bench.add(THERE, ANNS)
    assert links(bench, item) == ((), (), ())
    assert bench.put_register(ANN, LAB, PROJECT) == 1
    assert links(bench, item) == (("p-ann",), ("o-lab",), ("j-ring",))
    assert bench.store.count(Filter({"person": ("p-ann",)})) == 3
    assert bench.put_register(ANN, LAB, PROJECT) == 0
    assert bench.put_register(ANN) == 1
    assert bench.store.count(Filter({"project": ("j-ring",)})) == 0
    assert bench.facet("project") == {}


def test_confirmed_authors_have_the_names_of_the_register_as_long_as_it_says_so(bench: Bench) -> None:
    item = bench.add(THERE, ANNS.replace("Ann Okello", "A. OKELLO"))
    assert [one.name for one in bench.resource(item).shown_authors] == ["A. OKELLO"]
    bench.put_register(ANN)
    assert [one.name for one in bench.resource(item).shown_authors] == ["Ann Okello"]
    assert bench.put_register(ANN._replace(name="Ann Okello-Lind")) == 1
    assert [one.name for one in bench.resource(item).shown_authors] == ["Ann Okello-Lind"]
    bench.put_register(ANN._replace(data={**ANN.data, "hidden": True}))
    assert bench.resource(item).shown_authors == ()


def test_a_resource_that_is_found_where_the_register_says_belongs_to_it(bench: Bench) -> None:
    bench.put_register(LAB, PROJECT)
    item = bench.add(HERE, RING)
    assert links(bench, item) == ((), (), ())
    bench.add(THERE, RING)
    assert links(bench, item) == ((), ("o-lab",), ("j-ring",))
    bench.add(THERE, GEL)
    assert links(bench, item) == ((), (), ())


def test_a_register_that_comes_while_a_file_is_read_counts_for_it(bench: Bench) -> None:
    def replace_register(texts: object) -> None:
        bench.put_register(ANN, LAB, PROJECT)

    bench.when_encoding = replace_register
    item = bench.add(THERE, ANNS)
    assert links(bench, item) == (("p-ann",), ("o-lab",), ("j-ring",))


@pytest.mark.parametrize("part", ["store", "catalogue"])
def test_relinking_that_was_cut_short_is_finished_at_the_next_start(bench: Bench, part: str) -> None:
    items = [bench.add(THERE, ANNS), bench.add("file:///c/b/y.md", GEL)]
    owner, method = (bench.store, "set_payload") if part == "store" else (bench.catalogue, "set_links")
    with bench.failing(owner, method, Crash()), pytest.raises(Crash):
        bench.put_register(ANN, LAB, PROJECT)
    bench.reopen()
    assert [links(bench, item)[2] for item in items] == [("j-ring",), ("j-ring",)]
    assert bench.store.count(Filter({"project": ("j-ring",)})) == bench.store.count()


# -- crashes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("method", ["note_points", "put"])
def test_a_file_is_whole_after_a_crash_at_any_step_of_the_catalogue(bench: Bench, method: str, after: bool) -> None:
    item = bench.stage(HERE, RING)
    with bench.failing(bench.catalogue, method, Crash(), after=after), pytest.raises(Crash):
        bench.pipeline.process(item.id)
    bench.reopen()
    assert bench.pipeline.process(item.id).status == "indexed"
    assert len(bench.found("kisumuring")) == 1 and bench.store.count() == 3


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("method", ["upsert", "delete_points"])
def test_a_changed_file_is_whole_after_a_crash_at_any_step_of_the_store(bench: Bench, method: str, after: bool) -> None:
    bench.add(HERE, RING)
    item = bench.stage(HERE, RING_LATER)
    with bench.failing(bench.store, method, Crash(), after=after), pytest.raises(Crash):
        bench.pipeline.process(item.id)
    bench.reopen()
    assert bench.pipeline.process(item.id).status == "indexed"
    assert bench.found("durbanring") == set() and len(bench.found("lusakaring")) == 1
    assert bench.store.count() == 3


def test_points_of_a_file_that_is_never_done_again_are_forgotten(bench: Bench) -> None:
    item = bench.stage(HERE, RING)
    with bench.failing(bench.catalogue, "put", Crash()), pytest.raises(Crash):
        bench.pipeline.process(item.id)
    assert bench.store.count() == 3
    bench.reopen()
    assert bench.store.count() == 0


@pytest.mark.parametrize(("part", "method"), [("store", "delete"), ("store", "delete_points"), ("files", "delete")])
def test_a_removal_that_was_cut_short_is_finished_at_the_next_start(bench: Bench, part: str, method: str) -> None:
    ring = bench.add(HERE, RING)
    with bench.failing(getattr(bench, part), method, Crash()), pytest.raises(Crash):
        bench.pipeline.remove(ring.resource_id or "")
    bench.reopen()
    assert bench.store.count() == 0 and bench.files_kept() == set()


def test_a_store_that_does_not_answer_leaves_the_file_waiting(bench: Bench) -> None:
    item = bench.stage(HERE, RING)
    with bench.failing(bench.store, "upsert", StoreError("away")), pytest.raises(StoreError):
        bench.pipeline.process(item.id)
    assert bench.catalogue.item(item.id).status == "queued"
    assert bench.pipeline.process(item.id).status == "indexed"


def test_a_file_that_is_forgotten_while_it_is_handed_in_again_is_there(bench: Bench) -> None:
    ring = bench.add("file:///ring.md", "# Ring\n\nWomen kept the ring.")
    kept = bench.files.add

    def add(stream: IO[bytes], *, max_bytes: int) -> tuple[str, int, bool]:
        done = kept(stream, max_bytes=max_bytes)  # it is there already, and not noted yet as needed
        if bench.catalogue.has_resource(str(ring.resource_id)):
            bench.pipeline.remove(str(ring.resource_id))
        return done

    bench.files.add = add  # type: ignore[method-assign]
    again = bench.add("file:///again.md", "# Ring\n\nWomen kept the ring.")
    assert (again.status, again.reason) == ("indexed", None)

"""Somebody who is taken out for good is nowhere any more, and does not come back by an import."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchsvc.catalogue import Catalogue, Location, Remembered, Verdict
from searchsvc.catalogue.insights import CountKey
from searchsvc.errors import NotFoundError
from searchsvc.model import Author, Kind, Resource
from searchsvc.register.reading import read_drafts
from searchsvc.register.registry import Imported, Registry

ORCID = "0000-0002-1825-0097"
REGISTER = f"""
people:
  - {{id: ann-q, name: Ann Quillfeather, aliases: [A. Quill], orcid: {ORCID}, needs: [a boat], mobile: "0777"}}
  - {{id: ann-two, name: Annie Quillfeather}}
  - {{id: bo, name: Bo Lind}}
projects: [{{id: ring, name: Ring, people: [ann-q, bo]}}]
events: [{{id: day, name: Open day, people: [ann-q]}}]
resources: [{{file: talk.md, authors: [ann-q, bo]}}]
decisions: [{{person: ann-q, verdict: same, resource: talk.md, author: Quillfeather A}}]
"""
TALK = Resource("t", Kind.PAPER, "A talk", authors=(Author("Quillfeather A"), Author("Bo Lind")))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


@pytest.fixture
def registry(home: Path) -> Iterator[Registry]:
    catalogue = Catalogue(f"sqlite:///{home}")
    one = Registry(catalogue, now=lambda: "2026-05-31T10:00:00Z")
    taken(one)
    yield one
    catalogue.close()


def taken(registry: Registry, text: str = REGISTER) -> Imported:
    done = registry.import_(read_drafts([("r.yaml", text.encode())]))
    assert not done.faults
    return done


def said(registry: Registry) -> str:
    return str(registry.entries)


def test_nothing_of_the_register_names_whoever_was_erased(registry: Registry) -> None:
    registry.merge("ann-two", "ann-q")
    registry.set("person", "ann-q", {"role": "Nurse Quillfeather"})
    done = registry.erase("ann-two", unnamed=False)  # an id that was merged leads to the person
    assert (done.entries, done.references) == (2, 4)
    assert "ann-" not in said(registry) and "Quill" not in said(registry)
    assert registry.register.projects["ring"].people == ("bo",)
    assert registry.register.authors == {"talk.md": ("bo",)}
    with pytest.raises(NotFoundError):
        registry.register.person("ann-q")


def test_what_others_remembered_of_them_goes_too(registry: Registry) -> None:
    catalogue = registry._catalogue
    catalogue.introductions.put(
        Remembered("i", "ann-q", "bo", "sent", "2026-01-01", "met Ann"), Remembered("j", "bo", "cy", "sent", "2026")
    )
    catalogue.verdicts.put(Verdict("v", "meets", "ann-q", "bo", "yes", "Bo Lind", "2026", need="a boat", offer="boats"))
    catalogue.verdicts.put(Verdict("w", "same work", "ring", "wheel", "yes", "Ann Quillfeather", "2026"))
    catalogue.insights.add({CountKey("2026-01-01", "search", "ann quillfeather boat"): 2})
    catalogue.insights.add({CountKey("2026-01-01", "search", "boats"): 2})
    catalogue.statement_vectors.put({"k": b"1234"}, wanted=["k"])
    done = registry.erase("ann-q", unnamed=False)
    assert (done.gone.introductions, done.gone.verdicts, done.gone.searches) == (1, 1, 1)
    assert [one.id for one in catalogue.introductions.all()] == ["j"]
    assert [(one.id, one.by) for one in catalogue.verdicts.all()] == [("w", "")]
    assert [one.query for one in catalogue.insights.since("")] == ["boats"]
    assert catalogue.statement_vectors.read(["k"]) == {}


@pytest.mark.parametrize(
    "entry",
    [
        "{id: ann-q, name: Somebody}", f"{{id: x, name: Somebody, orcid: {ORCID}}}", "{id: x, name: ANN QUILLFEATHER}",
        "{id: x, name: Somebody, aliases: [A. Quill]}",
    ],
)  # fmt: skip
def test_the_next_import_does_not_bring_them_back(registry: Registry, entry: str) -> None:
    registry.erase("ann-q", unnamed=False)
    key = "ann-q" if "ann-q" in entry else "x"
    text = f"people:\n  - {entry}\n  - {{id: bo, name: Bo Lind}}\nprojects: [{{id: p, name: P, people: [{key}, bo]}}]"
    done = taken(registry, text)
    assert (done.left_out, done.counts["people"]) == (1, 1)
    assert list(registry.register.people) == ["bo"]
    assert registry.register.projects["p"].people == ("bo",)


def test_a_namesake_with_another_orcid_is_somebody_else(registry: Registry) -> None:
    registry.erase("ann-q", unnamed=False)
    done = taken(registry, "people: [{id: x, name: Ann Quillfeather, orcid: 0000-0001-5109-3700}]")
    assert (done.left_out, list(registry.register.people)) == (0, ["x"])


def test_whoever_is_made_by_hand_comes_back_on_purpose(registry: Registry) -> None:
    registry.erase("ann-q", unnamed=False)
    registry.set("person", "ann", {"name": "Ann Quillfeather"}, new=True)
    assert taken(registry).left_out == 0
    assert {"ann", "ann-q"} <= registry.register.people.keys()


@pytest.mark.parametrize("unnamed", [True, False])
def test_the_name_is_taken_out_of_what_is_shown_when_asked(registry: Registry, unnamed: bool) -> None:
    place = ["file:///talk.md"]
    assert registry.identities.links(TALK, place)["person"] == ["ann-q", "bo"]
    registry._catalogue.put(
        TALK, text="", report={}, passages=[], terms=[], minhash=b"", bands=[], location=_at("file:///talk.md")
    )
    registry.erase("ann-q", unnamed=unnamed)
    links = registry.identities.links(TALK, place)
    assert links["person"] == ["bo"]
    assert links["hidden"] == (["Quillfeather A"] if unnamed else [])  # as this work has the name
    other = Resource("o", Kind.PAPER, "Later", authors=(Author("Ann Quillfeather"), Author("Quillfeather A")))
    assert registry.identities.links(other, [])["hidden"] == (["Ann Quillfeather"] if unnamed else [])


def _at(uri: str) -> Location:
    return Location(uri, "t", "upload", "2026")


def test_what_is_kept_of_them_says_nothing(registry: Registry, home: Path) -> None:
    registry.erase("ann-q", unnamed=True)
    registry._catalogue.whole.scrub()
    for path in home.parent.iterdir():
        held = path.read_bytes()
        assert b"uillfeather" not in held.replace(b"Annie Quillfeather", b"") and b"ann-q" not in held, path
        assert ORCID.encode() not in held and b"0777" not in held, path
    with sqlite3.connect(home) as db:
        assert {kind for (kind,) in db.execute("SELECT kind FROM erased")} >= {"key", "id", "orcid", "name"}

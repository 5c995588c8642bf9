import json
from pathlib import Path

import pytest

from searchsvc.catalogue import author_value
from searchsvc.errors import QueryError
from searchsvc.model import Author, Kind, Resource
from searchsvc.register import Identities, Register, read_register

REGISTER = """
people:
  - {id: p-a, name: Ana Núñez, orcid: 0000-0002-8202-2478, organization: o-x}
  - {id: p-b, name: Bo Lind, organization: o-x}
organizations:
  - {id: o-x, name: Institute X}
projects:
  - {id: pr-1, title: A ring, people: [p-b], organizations: [o-x], resources: [papers/ring.pdf]}
resources:
  - {file: papers/ring.pdf, authors: [p-b]}
"""


def register(tmp_path: Path, text: str = REGISTER) -> Identities:
    path = tmp_path / "register.yaml"
    path.write_text(text)
    return Identities(Register.of(read_register(path)))


def paper(*authors: Author) -> Resource:
    return Resource("r", Kind.PAPER, "Title", authors=authors)


def test_a_file_that_the_register_names_belongs_to_its_project_authors_and_organizations(tmp_path: Path) -> None:
    links = register(tmp_path).links(paper(), ["file:///anywhere/papers/ring.pdf"])
    author = author_value(0, Author("Bo Lind", "Institute X"))
    assert links == {
        "person": ["p-b"],
        "organization": ["o-x"],
        "project": ["pr-1"],
        "hidden": [],
        "author": [author],
    }


def shown(tmp_path: Path, *authors: Author, at: str = "file:///anywhere/papers/ring.pdf") -> list[tuple[str, str, str]]:
    """(name, affiliation, ORCID iD) of those who are shown in the place of `authors`."""
    links = register(tmp_path).links(paper(*authors), [at])["author"]
    return [tuple(json.loads(one)[1:]) for one in links]


def test_authors_whom_the_register_confirms_have_its_names_at_their_place(tmp_path: Path) -> None:
    read = (Author("A. N.", "Elsewhere", "0000-0002-8202-2478"), Author("C. Roe"), Author("B. Lind"))
    assert shown(tmp_path, *read) == [
        ("Ana Núñez", "Elsewhere", "0000-0002-8202-2478"),
        ("C. Roe", "", ""),
        ("Bo Lind", "", ""),
    ]
    assert shown(tmp_path, Author("Ana Nunez"), Author("C. Roe"), at="file:///other.pdf") == []  # likely is not enough


def test_an_author_who_was_not_read_is_added_and_what_was_misread_gives_way(tmp_path: Path) -> None:
    ana = Author("A. N.", orcid="0000-0002-8202-2478")
    assert [name for name, *_ in shown(tmp_path, ana)] == ["Ana Núñez", "Bo Lind"]
    assert shown(tmp_path, Author("Department of Rings"), Author("Schedule I")) == [("Bo Lind", "Institute X", "")]


def test_an_author_is_known_by_orcid(tmp_path: Path) -> None:
    links = register(tmp_path).links(paper(Author("A. N.", orcid="0000-0002-8202-2478")), [])
    assert links["person"] == ["p-a"]


def test_nobody_is_linked_by_name_alone(tmp_path: Path) -> None:
    known = register(tmp_path)
    assert known.links(paper(Author("Ana Nunez")), [])["person"] == []
    assert known.links(paper(Author("Ana Nunez", "Institute X, Quito")), [])["person"] == ["p-a"]


@pytest.mark.parametrize("text", ["people: [{name: No Id}]", "nothing: here", "people: [", "- a list"])
def test_a_register_with_faults_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(QueryError) as caught:
        register(tmp_path, text)
    assert "\n" not in str(caught.value)

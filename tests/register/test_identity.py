"""Who an author is: certain, likely or unknown, and nobody by the name alone."""

from __future__ import annotations

import pytest

from searchsvc.errors import NotFoundError
from searchsvc.model import Author, Kind, Resource
from searchsvc.register import Identified, Identities, Register, parse_register
from searchsvc.register.names import agree, fit, parsed

REGISTER = """
people:
  - {id: amara, name: Amara Okonjo, aliases: ["Amara C. Okonjo-Bell"], orcid: 0000-0002-8202-2478, organization: arden}
  - {id: grace-l, name: Grace Wanjala, orcid: 0000-0002-8279-2720, organization: lakeshore}
  - {id: grace-m, name: Grace Wanjala, organization: meridian}
  - {id: sindre, name: Sindre Vågé, organization: arden}
  - {id: sindra, name: Sindre Vaage, organization: arden}
  - {id: kenji, name: Kenji Abara, hidden: true, organization: arden}
organizations:
  - {id: arden, name: Arden Institute for Prevention Research, acronym: AIPR}
  - {id: lakeshore, name: Lakeshore University, aliases: [Lakeshore Health Sciences]}
  - {id: meridian, name: Meridian Fund}
resources:
  - {file: papers/ring.pdf, authors: [grace-l, amara]}
"""
RING = ["file:///archive/papers/ring.pdf"]


def known(extra: str = "") -> Identities:
    return Identities(Register.of(parse_register((REGISTER + extra).encode(), "r.yaml")))


def paper(*authors: Author) -> Resource:
    return Resource("r1", Kind.PAPER, "Title", authors=authors)


def who(author: Author, *, uris: list[str] | None = None, extra: str = "") -> Identified:
    return known(extra).authors(paper(author), uris or [])[0]


@pytest.mark.parametrize(
    ("author", "person", "reason"),
    [
        (Author("A. O.", orcid="0000-0002-8202-2478"), "amara", "ORCID"),
        (Author("Amara Okonjo", "Arden Institute for Prevention Research, Cape Town"), "amara", "affiliation"),
        (Author("OKONJO, Amara", "AIPR"), "amara", "affiliation"),
        (Author("Dr Amara C. Okonjo", "AIPR, Cape Town"), "amara", "affiliation"),
        (Author("Grace Wanjala", "Meridian Fund, Geneva"), "grace-m", "affiliation"),
        (Author("Grace Wanjala", "Lakeshore Health Sciences"), "grace-l", "affiliation"),
    ],
)
def test_an_orcid_and_a_name_with_its_affiliation_are_certain(author: Author, person: str, reason: str) -> None:
    found = who(author)
    assert (found.certainty, found.person) == ("certain", person)
    assert reason in found.reason


def test_a_file_that_the_register_lists_makes_its_authors_certain() -> None:
    found = known().authors(paper(Author("G. Wanjala"), Author("Somebody Else")), RING)
    assert [(one.certainty, one.person) for one in found] == [
        ("certain", "grace-l"),
        ("unknown", None),
        ("certain", "amara"),
    ]
    assert found[2].author is None


@pytest.mark.parametrize(
    ("author", "people"),
    [
        (Author("Grace Wanjala"), ["grace-l", "grace-m"]),
        (Author("Amara Okonjo"), ["amara"]),
        (Author("A. Okonjo"), ["amara"]),
        (Author("Okonjo AC"), ["amara"]),
        (Author("A. Okonjo", "AIPR"), ["amara"]),
        (Author("Grace Wanjala", orcid="0000-0001-3887-5820"), ["grace-m"]),  # the other one has another ORCID iD
    ],
)
def test_a_name_alone_is_only_likely(author: Author, people: list[str]) -> None:
    found = who(author)
    assert (found.certainty, found.person) == ("likely", None)
    assert [one.id for one in found.candidates] == people
    assert all(one.reasons for one in found.candidates)


@pytest.mark.parametrize(
    "author",
    [
        Author("Okonjo"),
        Author("Adaeze Okonjo"),
        Author("Amara Okonjo", orcid="0000-0001-3887-5820"),
        Author("Amara Okonjo", "Meridian Fund"),
        Author("Nobody"),
        Author(""),
    ],
)
def test_what_contradicts_is_unknown(author: Author) -> None:
    found = who(author)
    assert (found.certainty, found.candidates) == ("unknown", ())


def test_likely_authors_are_not_linked_and_confirmed_ones_are() -> None:
    assert known().links(paper(Author("A. Okonjo")), [])["person"] == []
    yes = "decisions:\n- {person: amara, verdict: same, resource: r1, author: A. Okonjo}\n"
    links = known(yes).links(paper(Author("A. Okonjo")), [])
    assert (links["person"], links["organization"]) == (["amara"], ["arden"])


def test_a_decision_holds_against_all_that_speaks_otherwise() -> None:
    no = "decisions:\n- {person: amara, verdict: different, resource: papers/ring.pdf}\n"
    author = Author("Amara Okonjo", "AIPR", "0000-0002-8202-2478")
    found = known(no).authors(paper(author), RING)
    assert "amara" not in [one.person for one in found]
    assert known(no).authors(paper(author), [])[0].person == "amara"  # the decision is about one resource


def test_affiliations_name_organizations() -> None:
    found = known().organizations
    assert found("Department of Health, Lakeshore University, Kisumu") == {"lakeshore": "certain"}
    assert found("Ardn Institute for Prevention Research") == {"arden": "likely"}
    assert found("aipr is no acronym here") == {}
    assert found("") == {}
    assert known().links(paper(Author("Nobody", "Meridian Fund")), [])["organization"] == ["meridian"]


def test_entries_that_may_be_one_person_are_listed_with_what_speaks_against_it() -> None:
    found = {(one.a, one.b): one for one in known().duplicates()}
    assert ("sindra", "sindre") in found
    assert found["grace-l", "grace-m"].reasons == ("the same name",)
    assert not [pair for pair in found if "kenji" in pair]
    apart = "decisions:\n- {person: grace-m, verdict: different, other: grace-l}\n"
    assert ("grace-l", "grace-m") not in {(one.a, one.b) for one in known(apart).duplicates()}


def test_a_hidden_person_is_not_linked_and_their_name_is_hidden() -> None:
    links = known().links(paper(Author("Kenji Abara", "AIPR"), Author("Nobody", "Meridian Fund")), [])
    assert links == {"person": [], "organization": ["meridian"], "project": [], "hidden": ["Kenji Abara"], "author": []}
    assert known().links(paper(Author("K. Abara")), [])["hidden"] == ["K. Abara"]  # nobody else of the register fits
    with pytest.raises(NotFoundError) as caught:
        Register.of(parse_register(REGISTER.encode(), "r.yaml")).person("kenji")
    assert "Kenji" not in str(caught.value)


def test_an_entry_that_was_merged_leads_to_the_person() -> None:
    merged = REGISTER.replace("name: Sindre Vaage,", "name: Sindre Vaage, merged_into: sindre, offers: [rings],")
    register = Register.of(parse_register(merged.encode(), "r.yaml"))
    person = register.person("sindra")
    assert (person.id, person.aliases, person.offers, person.merged) == (
        "sindre",
        ("Sindre Vaage",),
        ("rings",),
        ("sindra",),
    )
    found = Identities(register).authors(paper(Author("Sindre Vaage", "AIPR")), [])
    assert found[0].person == "sindre"


@pytest.mark.parametrize(
    "key", ["amara", "Amara Okonjo", "amara okonjo", "0000-0002-8202-2478", "Amara C. Okonjo-Bell"]
)
def test_a_person_is_found_by_id_name_alias_and_orcid(key: str) -> None:
    assert Register.of(parse_register(REGISTER.encode(), "r.yaml")).person(key).id == "amara"


def test_an_unknown_id_gets_the_nearest_names_and_an_ambiguous_name_the_ids() -> None:
    register = Register.of(parse_register(REGISTER.encode(), "r.yaml"))
    with pytest.raises(
        NotFoundError, match=r"no person has the id or name 'amarra'; the nearest are amara \(Amara Okonjo\)"
    ):
        register.person("amarra")
    with pytest.raises(NotFoundError, match="grace-l, grace-m; give one of these ids"):
        register.person("Grace Wanjala")
    with pytest.raises(NotFoundError, match="arden"):
        register.organization("Arden Institut")


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        ("Okonjo, Amara C.", "Amara Okonjo", True),
        ("A. Okonjo", "Amara Okonjo", True),
        ("Okonjo AC", "Amara Chioma Okonjo", True),
        ("Ana Núñez", "Ana Nunez", True),
        ("María-José de la Cruz", "M. de la Cruz", True),
        ("B. Okonjo", "Amara Okonjo", False),
        ("Amara Okonjo", "Amina Okonjo", False),
        ("Okonjo", "Amara Okonjo", False),
        ("Amara B. Okonjo", "Amara C. Okonjo", False),
        ("", "", False),
    ],
)
def test_names_that_can_be_of_one_person(one: str, other: str, fits: bool) -> None:
    assert agree(parsed(one), parsed(other)) is fits
    assert agree(parsed(other), parsed(one)) is fits


@pytest.mark.parametrize(
    ("one", "other", "way"),
    [
        ("Inés Calder Montes", "Ines Calder-Montes", "spelling"),
        ("Bo-hong Tan", "Bohong Tan", "spelling"),
        ("Bo Hong Tan", "Bohong Tan", "spelling"),
        ("Jörg Rößner", "Joerg Roessner", "spelling"),
        ("Jørn Sæther", "Jorn Saether", "plain"),
        ("Şule Işık", "Sule Isik", "plain"),
        ("Łukasz Wójcik", "Lukasz Wojcik", "plain"),
        ("Amal Al-Sayed", "Amal Alsayed", "spelling"),
        ("Anne De Groot", "Anne DeGroot", "spelling"),
        ("Rosa Calder-Montes", "Rosa Calder", "left out"),
        ("Rosa Calder-Montes", "Rosa Montes", "left out"),
        ("Rosa Calder Montes", "Rosa Calder", "left out"),
        ("Menno van Dijk", "Menno Dijk", "left out"),
        ("T. Florian Weger", "Florian Weger", "left out"),
        ("José Gabriel Pinto", "Gabriel Pinto", "left out"),
        ("Ted Ostrom", "Edward Ostrom", "shortened"),
        ("Alex Ostrom", "Alexandros Ostrom", "shortened"),
        ("Luis. Ostrom", "Luis Ostrom", "plain"),
        ("Ayush Verma", "Verma Ayush", "order"),
        ("Samik Ghoshal", "Samik Goshal", "letter"),
    ],
)
def test_a_name_written_another_way_can_be_the_same_person(one: str, other: str, way: str) -> None:
    assert (fit(one, other), fit(other, one)) == (way, way)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bo Tan", "Bo-Hong Tan"),
        ("Hong Tan", "Hongzhi Tan"),
        ("Jun Tan", "Jin Tan"),
        ("Wei Tan", "Wen Tan"),
        ("Xiaolan Tan", "Xiaolin Tan"),
        ("Amara Okonjo", "Edward Okonjo"),
        ("Jong-mi Kim", "Mi-Kyung Kim"),
        ("Rosa Calder", "Rosa Montes"),
        ("John Ostrom", "Joan Ostrom"),
        ("M. Tan", "Li-Min Tan"),
    ],
)
def test_names_of_a_few_syllables_are_other_names_when_they_differ(one: str, other: str) -> None:
    assert fit(one, other) is None
    assert fit(other, one) is None


def test_a_name_written_another_way_is_likely_with_the_reason_and_never_certain() -> None:
    extra = REGISTER.replace("people:\n", "people:\n  - {id: rosa, name: Rosa Calder-Montes, organization: arden}\n")
    identities = Identities(Register.of(parse_register(extra.encode(), "r.yaml")))
    found = identities.authors(paper(Author("Rosa Calder", "AIPR")), [])[0]
    assert (found.certainty, [one.id for one in found.candidates]) == ("likely", ["rosa"])
    assert found.candidates[0].reasons[0] == "the name fits Rosa Calder-Montes, with a part left out"


def test_of_two_whom_a_name_fits_the_one_who_shares_a_project_with_a_co_author_comes_first() -> None:
    extra = "projects:\n- {id: p, name: Rings, people: [grace-m, amara]}\n"
    authors = paper(Author("G. Wanjala"), Author("Amara Okonjo", "AIPR"))
    found = known(extra).authors(authors, [])[0]
    assert [one.id for one in found.candidates] == ["grace-m", "grace-l"]
    assert "shares a project with Amara Okonjo" in found.candidates[0].reasons


def test_a_listed_author_is_not_two_authors_of_one_work() -> None:
    found = known().authors(paper(Author("Grace Wanjala"), Author("Grace Wanjalla")), RING)
    assert [one.certainty for one in found[:2]] == ["certain", "likely"]


PLACES = """
organizations:
  - {id: arden, name: University of Arden}
  - {id: west, name: West Arden University, city: Skarn, country: Northmoor}
  - {id: lake, name: University of Lakeland-Riverside}
  - {id: bay, name: University of Lakeland - Bay City}
  - {id: med, name: Trent University Medical Center}
  - {id: trent, name: Trent University}
  - {id: board, name: Regents of the University of Skarn}
  - {id: tech, name: Meridian Institute of Technology}
  - {id: dunes, name: William Dunes University}
  - {id: beijing, name: 北方大学}
"""


@pytest.mark.parametrize(
    ("affiliation", "certain"),
    [
        ("Dept. of Physics, University of Arden, Northmoor", "arden"),
        ("Univ. of Arden", "arden"),
        ("Department of Physics at the University of Arden", "arden"),
        ("Dept. of Biology, West Arden Univ., France", "west"),
        ("West Arden University Skarn", "west"),
        ("University of Lakeland, Riverside", "lake"),
        ("Univ. of Lakeland at Bay City", "bay"),
        ("Department of Surgery, Trent Univ. Medical Center", "med"),
        ("Trent University (Northmoor)", "trent"),
        ("University of Skarn", "board"),
        ("Meridian Inst. of Tech.", "tech"),
        ("数学系, 北方大学", "beijing"),
    ],
)
def test_an_institution_is_certain_in_an_address_short_or_with_its_campus(affiliation: str, certain: str) -> None:
    found = Identities(Register.of(parse_register(PLACES.encode(), "r.yaml"))).organizations(affiliation)
    assert found == {certain: "certain"}


@pytest.mark.parametrize(
    ("affiliation", "likely"),
    [
        ("UL Riverside", ["lake"]),
        ("ULBC", ["bay"]),
        ("Meridian Tech", ["tech"]),
        ("MIT", ["tech"]),
        ("Dunes University", ["dunes"]),
        ("Trent University Law Library", ["trent"]),
        ("Trnt University", ["trent"]),
    ],
)
def test_a_short_form_of_an_institution_is_likely(affiliation: str, likely: list[str]) -> None:
    found = Identities(Register.of(parse_register(PLACES.encode(), "r.yaml"))).organizations(affiliation)
    assert (list(found), set(found.values())) == (likely, {"likely"})


@pytest.mark.parametrize(
    "affiliation",
    ["George Arden University", "North Trent University", "East Skarn University of Arden", "Lakeland College",
     "Riverside", "University of Trent-Hill", "Institute of Technology", "University", "Department of Dunes, Skarn"],
)  # fmt: skip
def test_a_name_within_a_longer_one_that_is_not_known_is_not_certain(affiliation: str) -> None:
    found = Identities(Register.of(parse_register(PLACES.encode(), "r.yaml"))).organizations(affiliation)
    assert "certain" not in found.values()


def test_several_institutions_of_one_affiliation_are_all_certain() -> None:
    found = Identities(Register.of(parse_register(PLACES.encode(), "r.yaml"))).organizations
    assert set(found("University of Arden; Trent University, Skarn")) == {"arden", "trent"}
    assert set(found("University of Arden and Trent University")) == {"arden", "trent"}

"""What people share, with the evidence and the date."""

from __future__ import annotations

from searchsvc.model import Kind, Resource
from searchsvc.register import Register, Tie, parse_register, ties

REGISTER = """
people:
  - {id: a, name: Ann, organization: lab}
  - {id: b, name: Bo, organization: lab}
  - {id: c, name: Cy}
  - {id: d, name: Di, merged_into: c}
  - {id: h, name: Hy, hidden: true, organization: lab}
organizations: [{id: lab, name: Lab}, {id: fund, name: Fund, type: funder}]
projects:
  - {id: ring, name: Ring, people: [a, b, h], start: 2024-03, funders: [fund]}
  - {id: gel, name: Gel, people: [d]}
investments: [{id: i, funder: fund, project: gel, start: 2025-01}]
events: [{id: meeting, name: Meeting, date: 2026-05-31, people: [a, c, h]}]
"""


def work(resource_id: str, *people: str, **more: str) -> Resource:
    return Resource(resource_id, Kind.PAPER, "T", people=people, **more)  # type: ignore[arg-type]


def found(*resources: Resource) -> list[Tie]:
    return list(ties(Register.of(parse_register(REGISTER.encode(), "r.yaml")), resources))


def test_every_tie_has_its_evidence_and_its_date() -> None:
    assert found(work("r1", "a", "c", date="2023-02")) == [
        Tie("a", "b", "project", "ring", "2024-03"),
        Tie("a", "b", "organization", "lab"),
        Tie("a", "c", "co-authorship", "r1", "2023-02"),
        Tie("a", "c", "event", "meeting", "2026-05-31"),
        Tie("a", "c", "funder", "fund", "2025-01"),
        Tie("b", "c", "funder", "fund", "2025-01"),
    ]
    assert found()[0].year == 2024


def test_copies_of_one_work_are_one_tie_with_the_date_of_the_first() -> None:
    copies = (work("r2", "a", "c", date="2024", copy_group="g"), work("r1", "a", "c", date="2022", copy_group="g"))
    assert [one for one in found(*copies) if one.kind == "co-authorship"] == [
        Tie("a", "c", "co-authorship", "r1", "2022")
    ]


def test_hidden_people_have_no_ties() -> None:
    assert not [one for one in found(work("r1", "a", "h")) if "h" in (one.a, one.b) or one.kind == "co-authorship"]


def test_one_project_alone_is_no_tie_by_its_funder() -> None:
    assert not [one for one in found() if one.kind == "funder" and {one.a, one.b} == {"a", "b"}]

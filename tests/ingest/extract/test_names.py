"""What is a name of a person in a byline, and what is none."""

from __future__ import annotations

import pytest

from ingest.extract.names import looks_like_a_name, names_in


@pytest.mark.parametrize(
    "text",
    [
        "F.M. Ostrom",
        "F. M. Ostrom",
        "A. Ostrom",
        "J.-P. Ostrom",
        "Ostrom, Freya",
        "Ostrom, F.M.",
        "van der Berg, Jan",
        "Freya M. Ostrom",
        "Maria de los Santos",
    ],
)
def test_a_name_in_any_usual_form(text: str) -> None:
    assert looks_like_a_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Geneva, Switzerland",
        "Lima, Perú",
        "Clean Rivers, Clean Towns",
        "U.S. Congress",
        "A Study",
        "Ostrom",
        "Ostrom,",
        "University, Arden",
    ],
)
def test_places_and_topics_are_no_names(text: str) -> None:
    assert not looks_like_a_name(text)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("F.M. Ostrom, A.C. Okonjo and J. Berg", ["F.M. Ostrom", "A.C. Okonjo", "J. Berg"]),
        ("Ostrom, F.M.; Okonjo, A. C.", ["Ostrom, F.M.", "Okonjo, A. C."]),
        ("Ostrom, Freya; Okonjo, Amara", ["Ostrom, Freya", "Okonjo, Amara"]),
        ("By Dr. Freya Ostrom, PhD and Prof. Amara Okonjo MD MPH", ["Freya Ostrom", "Amara Okonjo"]),
        ("Maputo, Northmoor", []),
    ],
)
def test_the_names_of_a_line(line: str, names: list[str]) -> None:
    assert names_in(line) == names

"""A name is read the same in whatever form it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchsvc.text.names import PersonName, read_name


@pytest.mark.parametrize(
    "written",
    [
        "Okonjo AC", "Okonjo A.C.", "Okonjo A. C.", "Okonjo, A.C.", "Okonjo, A. C.", "Okonjo, AC", "A.C. Okonjo",
        "A. C. Okonjo", "AC Okonjo", "OKONJO AC", "OKONJO, A.C.", "Dr. A.C. Okonjo, PhD", "Okonjo AC1,2",
        "A. C. Okonjo (1)",
    ],
)  # fmt: skip
def test_initials_stand_before_the_family_name_or_behind_it(written: str) -> None:
    assert read_name(written) == PersonName("Okonjo", "A. C.")


@pytest.mark.parametrize(
    "written",
    [
        "Amara C. Okonjo", "Okonjo, Amara C.", "AMARA C. OKONJO", "OKONJO Amara C.", "Amara C. OKONJO",
        "OKONJO, Amara C.", "Dr Amara C. Okonjo MD MPH", "Amara C. Okonjo, Ph. D.", "Okonjo, Amara C., MD, MPH",
        "Prof. Dr. Amara C. Okonjo", "Amara C. Okonjo†", "Okonjo, Dr Amara C.", "Amara  C.  Okonjo1*",
    ],
)  # fmt: skip
def test_titles_degrees_capitals_and_marks_make_no_difference(written: str) -> None:
    assert read_name(written) == PersonName("Okonjo", "Amara C.")


@pytest.mark.parametrize(
    "written", ["Sammy Davis Jr.", "Sammy Davis, Jr.", "Davis, Sammy, Jr.", "Davis, Jr., Sammy", "Davis Jr., Sammy"]
)
def test_a_suffix_is_no_part_of_the_family_name(written: str) -> None:
    assert read_name(written) == PersonName("Davis", "Sammy", suffix="Jr.")


@pytest.mark.parametrize(
    ("written", "particle", "family", "called"),
    [
        ("Maria de los Santos", "de los", "Santos", "Maria"),
        ("Ludwig van Beethoven", "van", "Beethoven", "Ludwig"),
        ("Beethoven, Ludwig van", "van", "Beethoven", "Ludwig"),
        ("van Beethoven L", "van", "Beethoven", "L."),
        ("LUDWIG VAN BEETHOVEN", "van", "Beethoven", "Ludwig"),
        ("VAN BEETHOVEN Ludwig", "van", "Beethoven", "Ludwig"),
        ("Ludwig van BEETHOVEN", "van", "Beethoven", "Ludwig"),
        ("Sheila de la Cruz-Torres", "de la", "Cruz-Torres", "Sheila"),
        ("Ingrid Van Hove", "", "Van Hove", "Ingrid"),
        ("Van Nguyen", "", "Nguyen", "Van"),
        ("Bin Liu", "", "Liu", "Bin"),
    ],
)
def test_particles_stay_with_the_family_name(written: str, particle: str, family: str, called: str) -> None:
    assert read_name(written) == PersonName(family, called, particle)


@pytest.mark.parametrize(
    ("written", "family", "called"),
    [
        ("王小明", "王", "小明"), ("王明", "王", "明"), ("欧阳明", "欧阳", "明"), ("歐陽小明", "歐陽", "小明"),
        ("山田太郎", "山田", "太郎"), ("山田 太郎", "山田", "太郎"), ("김민수", "김", "민수"),
        ("김 민수", "김", "민수"), ("남궁민수", "남궁", "민수"), ("北方大学", "北方大学", ""),
    ],
)  # fmt: skip
def test_names_in_chinese_japanese_and_korean_begin_with_the_family_name(
    written: str, family: str, called: str
) -> None:
    assert read_name(written) == PersonName(family, called)
    assert read_name(written).initials == called


@pytest.mark.parametrize(
    "written",
    ["Suharto", "WHO", "World Health Organization", "Ministry of Health, Northmoor", "The Arden Collaboration",
     "Arden Trial Group", "Universidad de Arden", "MINISTRY OF HEALTH", ""],
)  # fmt: skip
def test_an_organization_and_a_single_name_stay_whole(written: str) -> None:
    assert read_name(written) == PersonName(written)


@pytest.mark.parametrize(
    ("written", "inverted"),
    [
        ("Okonjo, M.D.", "Okonjo, M. D."),  # initials, as only a family name stands before
        ("Amara Okonjo, M.D.", "Okonjo, Amara"),
        ("Amara Okonjo MA", "Okonjo, Amara"),
        ("Jing Ma", "Ma, Jing"),
        ("Anna Do", "Do, Anna"),
        ("Martin King", "King, Martin"),
        ("King Martin", "Martin, King"),
        ("Haruki KIM", "Kim, Haruki"),
        ("LI Wei", "Li, Wei"),
        ("Su C-Y", "Su, C.-Y."),
        ("C.-Y. Su", "Su, C.-Y."),
        ("Jean-Paul Moreau", "Moreau, Jean-Paul"),
        ("SEÁN O'NEIL-MCDONALD", "O'Neil-McDonald, Seán"),
        ("García Montes J. M.", "García Montes, J. M."),
        ("Abebe T.", "Abebe, T."),
        ("John Smith III", "Smith, John, III"),
        ("Yan (Janet) Lu", "Lu, Yan (Janet)"),
    ],
)
def test_what_looks_like_something_else(written: str, inverted: str) -> None:
    assert read_name(written).inverted == inverted


def test_initials_of_given_names() -> None:
    assert read_name("Amara Chidi-Ann Okonjo").initials == "ACA"
    assert read_name("Yan (Janet) Lu").initials == "Y"


@given(st.text(max_size=60))
def test_any_text_can_be_read(written: str) -> None:
    name = read_name(written)
    assert name.family or not name.given
    assert "\n" not in name.inverted


@given(
    st.lists(
        st.sampled_from(
            ["Okonjo", "OKONJO", "A.", "AC", "van", "De", ",", "Jr.", "PhD", "Dr", "MA", "王", "(", "1", "-", "y"]
        ),
        max_size=7,
    )
)
def test_any_parts_can_be_read(parts: list[str]) -> None:
    name = read_name(" ".join(parts))
    assert name.family or not name.given


# What the expressions that read names go over again and again; 40,000 of some took a minute.
ENDLESS = ("*", " ,", "1", "(1)", " 1", "A.", "A-", "Dr. ", "Ab ", "a,", "van ", "PhD ", "JR ", "\u00b9", "[1]")


@pytest.mark.parametrize("part", ENDLESS)
def test_what_is_far_too_long_for_a_name_is_left_as_it_is(part: str) -> None:
    written = "a" + part * (100_000 // len(part)) + "x"
    assert read_name(written) == PersonName(" ".join(written.split()))

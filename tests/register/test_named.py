"""Who and what a query names: whole names anywhere, parts of names alone, and never words of the language."""

from __future__ import annotations

import pytest

from searchsvc.register.model import Entry
from searchsvc.register.named import Names, named_in
from searchsvc.register.register import Register

TEXT = """
health global network women ring rings film prevention research institute works of by on the grace who path sante young
king ardent does text help in fund learning choice
"""
WORDS = frozenset(TEXT.split())


def entry(kind: str, entry_id: str, name: str, **data: object) -> Entry:
    return Entry(entry_id, kind, name, {"id": entry_id, "name": name, **data})


NAMES = Names(
    Register.of(
        [
            entry("person", "amara", "Amara C. Okonjo", aliases=["A. Okonjo"]),
            entry("person", "sindre", "Sindre Vågé"),
            entry("person", "jan", "Jan van der Berg"),
            entry("person", "grace", "Grace Wanjala"),
            entry("person", "king", "Martin King"),
            entry("person", "secret", "Wilma Quillfeather", hidden=True),
            entry("person", "old", "Amara Okonjo-Bell", merged_into="amara"),
            *(entry("person", f"smit{n}", f"{given} Smitsonian") for n, given in enumerate(("Ada", "Bo", "Cy", "Di"))),
            entry("organization", "arden", "Arden Institute for Prevention Research", acronym="AIPR"),
            entry("organization", "who", "World Health Organization", acronym="WHO"),
            entry("organization", "ghn", "Global Health Network"),
            entry("organization", "sante", "Réseau Santé Plurielle"),
            entry("project", "anemone", "ANEMONE-2, six months with the ring"),
            entry("project", "film", "Film choice"),
        ]
    )
)


def named(typed: str) -> list[str]:
    return [one.id for one in named_in(NAMES, typed, lambda word: word not in WORDS, lambda word: word in WORDS)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Amara C. Okonjo", "amara"), ("amara okonjo", "amara"), ("Okonjo, Amara", "amara"), ("okonjo ac", "amara"),
        ("A. Okonjo", "amara"), ("okonjo", "amara"), ("rings by Amara Okonjo in Kisumu", "amara"),
        ("Amara Okonjo-Bell", "amara"), ("amara okonyo", "amara"), ("okonyo", "amara"),
        ("sindre vage", "sindre"), ("VÅGÉ", "sindre"), ("van der Berg", "jan"), ("berg j", "jan"),
        ("van der berg j", "jan"),
        ("martin king", "king"), ("Arden", "arden"), ("the arden institute", "arden"), ("AIPR", "arden"),
        ("Arden Institute for Prevention Reserch", "arden"), ("arden institut", "arden"), ("WHO", "who"),
        ("sante plurielle", "sante"), ("anemone 2", "anemone"), ("Film choice in Kenya", "film"),
        ("global health network", "ghn"), ("learning in the Global Health Network", "ghn"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_people_write_it(typed: str, expected: str) -> None:
    assert named(typed) == ([expected] if expected else [])


@pytest.mark.parametrize(
    "typed",
    ["health", "Global", "global health", "health network",
     "prevention research", "institute", "who",
     "who works on rings",
     "king", "young king", "santé", "grace", "ardent", "film", "choice", "", "?", "smitsonian", "ring okonjo",
     "does the ring help women"],
)  # fmt: skip
def test_words_of_the_language_name_nobody(typed: str) -> None:
    assert named(typed) == []


@pytest.mark.parametrize(
    "typed", ["Wilma Quillfeather", "quillfeather", "wilma", "quilfeather", "by Wilma Quillfeather"]
)
def test_hidden_people_are_never_named(typed: str) -> None:
    assert named(typed) == []


def test_a_long_text_names_nobody() -> None:
    assert named("Amara Okonjo " * 2_000) == []

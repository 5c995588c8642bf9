"""How names of people and institutions are read and told apart, on lists of real ones.

A folder with `names/` (forms.tsv, variants.tsv, different.tsv, namesakes.tsv, han.tsv, not_names.tsv) and
`institutions/` (organizations.tsv, affiliations.tsv), tab-separated with a header, plain or with `.gz`. What is missing
is not measured.
"""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.extract.names import looks_like_a_name
from searchsvc.errors import QueryError
from searchsvc.model import Author, Kind, Resource
from searchsvc.register import Identities, Register
from searchsvc.register.model import Entry
from searchsvc.register.names import fit
from searchsvc.text.names import read_name

__all__ = ["Affiliations", "Forms", "Measured", "measure"]

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Forms:
    """Of one way to write names: how many rows, and the share whose given and family name are both found."""

    rows: int
    right: float


@dataclass(frozen=True, slots=True)
class Affiliations:
    """Of one way to write institutions, counted. certain_wrong: another one was called certain."""

    rows: int
    certain_right: int
    certain_wrong: int
    likely_first: int
    likely_wrong: int
    nothing: int


@dataclass(frozen=True, slots=True)
class Measured:
    """forms: of names that the string alone tells; unsure: of the others. taken: what is no name and was taken for one.
    refused: names as printed that were not taken. variants: the share of pairs that can be one person. different:
    by kind, pairs of different people that can be one. certain: how many of these two lists, and of namesakes, are
    certain by the name alone. contained: organizations that are certain where a longer name stands that the register
    lacks.
    """

    forms: Mapping[str, Forms] = field(default_factory=dict)
    unsure: Mapping[str, Forms] = field(default_factory=dict)
    han: Forms | None = None
    not_names: int = 0
    taken: Sequence[str] = ()
    printed: int = 0
    refused: Sequence[str] = ()
    variants: Forms | None = None
    ways: Mapping[str, int] = field(default_factory=dict)
    different: Mapping[str, int] = field(default_factory=dict)
    certain: int = 0
    affiliations: Mapping[str, Affiliations] = field(default_factory=dict)
    contained: Sequence[str] = ()


def measure(folder: Path) -> Measured:
    """Raises QueryError when there is neither a folder `names` nor `institutions`."""
    names, institutions = folder / "names", folder / "institutions"
    if not names.is_dir() and not institutions.is_dir():
        raise QueryError(f"{folder} has neither a folder names nor institutions.")
    rows = _rows(names / "forms.tsv")
    not_names = [row["text"] for row in _rows(names / "not_names.tsv")]
    printed = [row["written"] for row in rows if row["form"] == "printed"]
    han = _rows(names / "han.tsv")
    pairs = [(row["canonical"], row["variant"]) for row in _rows(names / "variants.tsv")]
    ways = Counter(str(fit(*pair)) for pair in pairs)
    different = _rows(names / "different.tsv")
    namesakes = [(row["a_name"], row["b_name"]) for row in _rows(names / "namesakes.tsv")]
    alike = Counter({row["kind"]: 0 for row in different})
    alike.update(row["kind"] for row in different if fit(row["a"], row["b"]))
    certain = [pair for pair in (*((row["a"], row["b"]) for row in different), *namesakes) if _is_certain(*pair)]
    affiliations, contained = _affiliations(institutions)
    return Measured(
        forms=_by_form([row for row in rows if row["sure"] == "yes"]),
        unsure=_by_form([row for row in rows if row["sure"] != "yes"]),
        han=_share([_is_right(row) for row in han]) if han else None,
        not_names=len(not_names),
        taken=[text for text in not_names if looks_like_a_name(text)],
        printed=len(printed),
        refused=[text for text in printed if not looks_like_a_name(text)],
        variants=_share([fit(*pair) is not None for pair in pairs]) if pairs else None,
        ways={way: ways[way] for way in sorted(ways)},
        different=dict(alike),
        certain=len(certain),
        affiliations=affiliations,
        contained=contained,
    )


def _rows(path: Path) -> list[Row]:
    packed = path.with_name(path.name + ".gz")
    if path.is_file():
        text = path.read_text("utf-8")
    elif packed.is_file():
        text = gzip.decompress(packed.read_bytes()).decode()
    else:
        return []
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def _by_form(rows: Sequence[Row]) -> dict[str, Forms]:
    right: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        right[row["form"]].append(_is_right(row))
    return {form: _share(found) for form, found in right.items()}


def _share(right: Sequence[bool]) -> Forms:
    return Forms(len(right), sum(right) / len(right))


def _is_right(row: Row) -> bool:
    read = read_name(row["written"])
    return (_plain(read.full_family), _plain(read.given)) == (_plain(row["family"]), _plain(row["given"]))


def _plain(text: str) -> str:
    """Without case, accents and dots; hyphens are spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[.\-\u2010\u2011]", " ", bare.casefold()).split())


def _is_certain(known: str, written: str) -> bool:
    """Whether an author is linked with somebody of a register by the name alone."""
    identities = Identities(Register.of([Entry("a", "person", known, {})]))
    resource = Resource("r", Kind.PAPER, "", authors=(Author(written),))
    return identities.authors(resource, [])[0].certainty == "certain"


def _affiliations(folder: Path) -> tuple[dict[str, Affiliations], list[str]]:
    organizations = _rows(folder / "organizations.tsv")
    ids = {row["name"]: f"o{number}" for number, row in enumerate(organizations)}
    identities = _register_of(ids)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _rows(folder / "affiliations.tsv"):
        found = identities.organizations(row["written"])
        right = ids.get(row["organization"])
        certain = [one for one, certainty in found.items() if certainty == "certain"]
        likely = [one for one, certainty in found.items() if certainty == "likely"]
        count = counts[row["how"]]
        count["rows"] += 1
        count["certain_right"] += right in certain
        count["certain_wrong"] += any(one != right for one in certain)
        count["likely_first"] += not certain and likely[:1] == [right]
        count["likely_wrong"] += not certain and bool(likely) and right not in likely
        count["nothing"] += not found
    names = (
        "rows", "certain_right", "certain_wrong", "likely_first", "likely_wrong", "nothing",
    )  # fmt: skip
    measured = {how: Affiliations(**{name: count[name] for name in names}) for how, count in counts.items()}
    contained = []
    for row in organizations:
        if row["contains"]:
            without = _register_of({name: one for name, one in ids.items() if name != row["name"]})
            if "certain" in without.organizations(row["name"]).values():
                contained.append(row["name"])
    return measured, contained


def _register_of(ids: Mapping[str, str]) -> Identities:
    return Identities(Register.of([Entry(one, "organization", name, {}) for name, one in ids.items()]))

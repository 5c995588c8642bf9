"""Every text is there in every language, and every text is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from ingest.sources.advice import Status
from searchsvc.access.callers import Caller, Scope
from searchsvc.catalogue import STATUSES, VERDICTS
from searchsvc.curation.kinds import FACTS as EVIDENCE
from searchsvc.curation.kinds import KINDS as TASKS
from searchsvc.digest.model import TOLD as NEWS
from searchsvc.digest.model import Wish
from searchsvc.doubts import DOUBTS
from searchsvc.filters import FILTERS
from searchsvc.judging import GRADES
from searchsvc.landscape.model import FIELDS as ASKED
from searchsvc.matching.needs import NeedKind
from searchsvc.model import DateKind, Kind, Locator, WorkType
from searchsvc.network.introductions import Aim
from searchsvc.people.collaborators import whose_need
from searchsvc.projects.dossier import AspectName
from searchsvc.register.model import Organization, Person, Project
from searchsvc.register.ties import TieKind
from searchsvc.remarks import Code
from searchsvc.search.ranker import MODES
from searchsvc.search.related.labels import Facet
from searchsvc.search.relevance import BANDS
from searchsvc.search.searcher import Sort
from searchsvc.search.shown import Elsewhere
from searchsvc.search.suggest import SuggestedKind
from searchsvc.texts import languages, texts
from searchsvc.web.errors import EXPLAINED
from searchsvc.web.register.views import PATHS
from searchsvc.web.sources.pages import ACTS, EVERY, TOLD
from searchsvc.web.watches.pages import EVERY as WATCHED

BLANK = re.compile(r"\{(\w+)\}")
QUOTED = re.compile(r"""['"]([a-z][\w.-]*)['"]""")
PACKAGE = Path(__file__).parents[2] / "searchsvc"
WEB, TEXTS = PACKAGE / "web", PACKAGE / "texts"
LETTERS = (
    *(PACKAGE / "api" / "digest").glob("*.py"), *(PACKAGE / "api" / "calendar").glob("*.py"),
    PACKAGE / "api" / "templates" / "digest.html",
)  # fmt: skip
WIDGET = WEB / "static" / "widget" / "widget.js"
NUMBERED = [kind for kind in get_args(get_type_hints(Locator)["kind"]) if kind not in ("heading", "whole")]
NAMES: Mapping[str, Iterable[object]] = {
    "date": [str(one) for one in DateKind if one is not DateKind.PUBLISHED],
    "audit.kind": get_args(get_type_hints(Caller)["kind"]),
    "band": (*BANDS, "words"),
    "digest.field": NEWS,
    "digest.kind": Kind,
    "digest.wish": get_args(get_type_hints(Wish)["kind"]),
    "doubt": DOUBTS,
    "doubt_do": DOUBTS,
    "entries": (*PATHS, "funded", "event"),
    "entry": PATHS,
    "error": (*EXPLAINED, "other"),
    "error.why": (*EXPLAINED, "other"),
    "facet": FILTERS,
    "filters": [end for known in FILTERS.values() if known.bounds for end in known.parameters],
    "gaps.kind": {*get_args(NeedKind)} - {"need"},
    "hit.words_in": get_args(Elsewhere),
    "introductions.aim": get_args(Aim),
    "introductions.status": STATUSES,
    "kind": Kind,
    "meet": ("resource", "person", "project", *get_args(get_type_hints(whose_need)["return"])),
    "mode": MODES,
    "place": NUMBERED,
    "opinion.meets": ("yes", "no"),
    "sources.act": ACTS,
    "sources.often": EVERY,
    "sources.status": get_args(Status),
    "sources.told": TOLD,
    "opinion.same": ("yes", "no"),
    "related": (*get_args(Facet), "all"),
    "resource": PATHS.values(),
    "scope": Scope,
    "sort": get_args(Sort),
    "suggest": (*get_args(SuggestedKind), "recent"),
    "tie": get_args(TieKind),
    "unknown": (*PATHS, "resource"),
    "verdict.meets": VERDICTS,
    "verdict.same": VERDICTS,
    "watch.every": WATCHED,
    "nothing.text": MODES,
    "work": [one.name.lower() for one in WorkType],
}
MADE = {f"{prefix}.{name}" for prefix, names in NAMES.items() for name in names}
"""Keys that are put together, of what the domain knows."""

MADE |= {f"curate.kind.{kind}" for kind in (*TASKS, "hidden", "url", "kind")}
MADE |= {f"curate.do.{action}" for declared in TASKS.values() for action in declared.actions}
MADE |= {f"curate.fact.{code}" for code in (*EVIDENCE, "by.version", "by.date")}
MADE |= {f"judge.grade.{word}" for word in (*GRADES, "skip")}
MADE |= {f"calendar.what.{what}" for what in ("event", "deadline")}
MADE |= {f"occasion.over.{kind}" for kind in (Kind.EVENT, Kind.FUNDING)}
MADE |= {f"landscape.field.{name}" for name in ASKED}
MADE |= {f"curate.{kind}_how" for kind in ("authors", "date")}

FIELDS = {name for entry in (Person, Organization, Project) for name in entry.model_fields}
SAID_OF_ONE_KIND = {f"curate.do.{kind}.{action}" for kind, declared in TASKS.items() for action in declared.actions}
FACTS = {f"fact.{name}" for name in (*FIELDS, *get_args(AspectName), "funders")}
"""So is each of these that a page shows; not every one is shown."""

OTHERS = [one for one in languages() if one != "en"]


def forms(value: object) -> dict[str, str]:
    return {"": value} if isinstance(value, str) else dict(value)  # type: ignore[call-overload]


@pytest.mark.parametrize("language", OTHERS)
def test_languages_have_the_same_keys_forms_and_blanks(language: str) -> None:
    english, other = texts("en").by_key, texts(language).by_key
    assert english.keys() == other.keys()
    for key, value in english.items():
        assert isinstance(value, str) == isinstance(other[key], str), key
        assert isinstance(value, str) or "other" in other[key], key
        blanks = {blank for text in forms(value).values() for blank in BLANK.findall(text)}
        for form, translated in forms(other[key]).items():
            assert translated.strip(), key
            assert form == "one" or set(BLANK.findall(translated)) == blanks, key  # "1 result" may leave out the number


def test_every_key_is_used() -> None:
    """In a template or in code as it stands, by the widget, as a remark, or made from what the domain knows."""
    sources = (*(WEB / "templates").rglob("*.html"), *WEB.rglob("*.py"), *TEXTS.glob("*.py"), *LETTERS)
    written = {key for path in sources for key in QUOTED.findall(path.read_text("utf-8"))}
    widget = {f"widget.{key}" for key in re.findall(r"\btexts\.(\w+)", WIDGET.read_text("utf-8"))}
    used = {*written, *widget, *get_args(Code), *MADE, *FACTS, *SAID_OF_ONE_KIND}
    assert not texts("en").by_key.keys() - used


@pytest.mark.parametrize("language", list(languages()))
def test_what_the_domain_knows_has_a_name(language: str) -> None:
    assert not {*MADE, *get_args(Code)} - texts(language).by_key.keys()


def test_numbers_dates_and_languages_are_written_as_people_do() -> None:
    english, french = texts("en"), texts("fr")
    assert english("results.count", n=1) == "1 result" and french("results.count", n=0) == "0 résultat"
    assert (
        english("results.count", n=12345) == "12,345 results"
        and french("results.count", n=12345) == "12\u202f345 résultats"
    )
    assert english.date("2024-03-19") == "19 March 2024" and french.date("2024-03") == "mars 2024"
    assert english.date("2024") == "2024" and english.date("2024-99-99") == "2024-99-99" and english.date(None) == ""
    assert english.language_name("pt") == "Portuguese" and french.language_name("pt") == "Portugais"
    portuguese = texts("pt")
    assert portuguese("results.count", n=0) == "0 resultado"
    assert portuguese("results.count", n=12345) == "12.345 resultados"
    assert portuguese.date("2024-03-19") == "19 de março de 2024" and portuguese.decimal(2.5) == "2,5"
    assert portuguese.language_name("pt") == "Português"
    assert english.language_name("xx") == "Xx"


def test_spanish_numbers_dates_and_plurals_are_written_as_people_do() -> None:
    spanish = texts("es")
    counted = [spanish("results.count", n=n) for n in (0, 1, 2, 12345, 1_000_000)]
    assert counted == ["0 resultados", "1 resultado", "2 resultados", "12.345 resultados", "1.000.000 resultados"]
    assert spanish.date("2024-03-19") == "19 de marzo de 2024" and spanish.date("2024-03") == "marzo de 2024"
    assert spanish.decimal(0.5) == "0,5" and spanish.amount(1_800_000, "EUR") == "1.800.000 EUR"
    assert spanish.language_name("pt") == "Portugués" and spanish("meet.no_way") == "nadie a quien ambos conozcan"
    assert languages()["es"] == "Español"

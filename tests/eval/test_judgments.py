"""The judgments name files, pages and slides that exist, and hold the queries that they say they hold."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from pptx import Presentation

from eval.judgments import LANGUAGES, TYPES, Judged, Topic, load, load_elsewhere, load_languages
from searchsvc.encode.lexical import LexicalEncoder
from searchsvc.errors import QueryError

ARCHIVE = Path(__file__).parents[2] / "eval/archive"
FILES = ARCHIVE / "files"
QUOTAS = {
    "paraphrase": 16, "acronym": 8, "name": 10, "two-aspects": 12, "misspelling": 8, "question": 14, "lay": 6,
    "other-language": 2, "nothing": 8,
}  # fmt: skip
SCAN, ENCRYPTED = "papers/early-diaphragm-gel-report.pdf", "papers/film-manufacturing-cost.pdf"
VERSIONS = [
    ("papers/anelia-ring-safety-preprint.pdf", "papers/anelia-ring-safety-journal.pdf"),
    ("pages/ring-phase-2-news.html", "pages/ring-phase-2-news-copy.html"),
]
ANSWERS = {  # paraphrase -> source -> how some of its passages that answer begin, or words in them
    "q01": {
        "papers/sms-ring-adherence": [
            "Persistence was 72% (65 of 90) with SMS",
            "The difference in persistence appeared from month 3",
            "Women who could write back to a nurse were more likely",
        ],
        "pages/zama-chat-companion": ["We tried Zama with 96 women"],
        "pages/event-webinar-digital-tools": ["At month 6, 72 % of those with messages"],
    },
    "q02": {
        "papers/dpp-adherence-pharmacies": ["Of 3,870 clients who were asked, 1,122", "Nearly one OC client in three"],
        "presentations/dpp-pharmacy-results": ["OC clients asked | 3,870"],
        "presentations/chemist-training-deck": ["64 chemists from 55 shops"],
        "pages/two-in-one-pill-story": ["64 chemists in 55 shops"],
    },
    "q03": {
        "papers/microarray-patch-rats": [
            "that a woman applies herself once a month could replace",
            "Two small patches gave a month of cabotegravir",
        ],
        "papers/soluble-needles-progestin": [
            "might be given together by a plaster-like product",
            "A woman could put the product on in the evening",
        ],
        "presentations/novapt-patch-update": ["Dissolving microarray patch (MAP), cabotegravir and levonorgestrel"],
        "pages/microarray-patch-explainer": ["Many people put off an injection"],
    },
    "q04": {
        "papers/implant-removal": ["The causes of the 150 difficult cases", "Of the 150 difficult removals"],
        "presentations/implant-removal-training": ["Deep insertion | 58 %"],
    },
    "q05": {
        "papers/lactation-pbpk-model": [
            "The relative infant dose was 0.02%",
            "For the three drugs examined, the exposure",
        ],
        "presentations/lactation-model-webinar": ["Look at dapivirine. It likes fat"],
    },
    "q06": {
        "papers/male-partners-qualitative": [
            "speaks of another man or another woman",
            "When the purpose was HIV, the tone hardened",
            "she is expecting a thief",
        ],
        "pages/men-talk-about-rings": ["Some men said that a ring without asking"],
    },
    "q07": {
        "papers/dpp-impact-model": [
            "at 15% uptake, the DPP averts",
            "Any of the three products would be a reasonable purchase",
        ],
        "presentations/modelling-for-policymakers": ["US dollars per DALY averted"],
        "pages/impact-model-brief": ["All three are good value", "We ask what it costs to win one year"],
    },
    "q08": {
        "papers/ring-microbiome": [
            "The ring did not disturb the flora and may",
            "Over 12 weeks the LNG ring did not make",
        ],
        "presentations/microbiome-webinar": ["In words: the garden got better"],
    },
    "q09": {
        "papers/policy-analysis-funding": ["Worldwide funding for MPT research", "Funding declined by 23% between"],
        "presentations/funders-round-table": ["Slightly up again, not adjusted"],
    },
    "q10": {
        "papers/regulatory-pathway": ["We propose a common procedure, One Review", "The procedure has four steps"],
        "presentations/regulator-training": ["pre-submission meeting | developer and all six"],
        "pages/regulatory-reliance-brief": [
            "Six regulators have agreed to share",
            "The lead changes from product to product",
        ],
    },
    "q11": {
        "papers/kavya-film-dissolution": [
            "storage without refrigeration is feasible",
            "brought both substances through a year of zone IVb",
        ],
        "presentations/kavya-scale-up-pitch": ["No refrigerator", "After 12 months the assay of tenofovir"],
        "pages/kavya-film-explainer": ["In its foil sachet the film keeps"],
    },
    "q12": {
        "papers/adolescent-girls-ring": [
            "parental consent was waived for 46%",
            "South African rules allow an ethics committee",
        ],
    },
    "q13": {
        "papers/supply-chain-stock-outs": [
            "the ring on 21 % and the DPP",
            "The ring, which is the newest product in clinics",
        ],
        "presentations/dpp-pharmacy-results": ["on one day in six a pharmacy had nothing to give"],
    },
    "q14": {
        "papers/sex-workers-gel-acceptability": [
            "For 33% the amount of gel was too messy",
            "Five grams are a good deal of gel",
            "One is silk, two is soup",
        ],
        "presentations/latin-america-dialogue": ["found it messy, above all"],
    },
    "q15": {
        "papers/priority-setting-stakeholders": [
            "Duplicate projects were named",
            "considered duplicate projects a problem",
        ],
        "presentations/pipeline-overview": ["pairs of projects** do the same work without knowing it"],
    },
    "q16": {
        "papers/anelia-ring-safety-journal": ["At the request of a reviewer we examined counselling"],
    },
}
ONE = "queries: [{id: q1, query: rings, type: lay, relevant: [{file: papers/a.pdf, grade: 3, locators: [page 2]}]}]"

TOPICS = load()


@cache
def units(file: str) -> tuple[str, int]:
    """What the built file is divided into, and how many there are: ("page", 3). ("", 0) for a web page."""
    path = FILES / file
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path.read_bytes())
        try:
            return "page", len(document)
        finally:
            document.close()
    return ("slide", len(Presentation(str(path)).slides)) if path.suffix == ".pptx" else ("", 0)


def plain(text: str) -> str:
    return re.sub(r"\W", "", text)


def passages(source: str) -> list[str]:
    """Paragraphs of a paper or page, slides of a presentation with their notes."""
    text = (ARCHIVE / f"sources/{source}.md").read_text("utf-8").partition("\n---\n")[2]
    return re.split(r"\n---\n" if source.startswith("presentations/") else r"\n\s*\n", text)


def test_there_are_as_many_queries_of_each_type_as_promised() -> None:
    assert Counter(topic.type for topic in TOPICS) == QUOTAS and set(QUOTAS) == set(TYPES)


def test_ids_and_queries_are_unique() -> None:
    assert [topic.id for topic in TOPICS] == [f"q{number:02}" for number in range(1, len(TOPICS) + 1)]
    assert len({topic.query.casefold() for topic in TOPICS}) == len(TOPICS)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_every_judged_file_exists_and_has_the_places_named(topic: Topic) -> None:
    for judged in topic.relevant:
        assert (FILES / judged.file).is_file()
        assert judged.grade in (1, 2, 3)
        for locator in judged.locators:
            kind, _, number = locator.partition(" ")
            assert kind == units(judged.file)[0] and 1 <= int(number) <= units(judged.file)[1]
        assert len(set(judged.locators)) == len(judged.locators)


def test_every_query_has_an_answer_but_those_that_have_none() -> None:
    for topic in TOPICS:
        grades = [one.grade for one in topic.relevant]
        assert grades == [] if topic.type == "nothing" else max(grades) == 3, topic.id
        assert grades == sorted(grades, reverse=True), topic.id


def test_many_answers_have_a_place() -> None:
    placed = [topic for topic in TOPICS if any(one.grade == 3 and one.locators for one in topic.relevant)]
    assert len(placed) >= 36
    assert all(topic in placed for topic in TOPICS if topic.type == "question")


def test_what_has_no_text_is_not_expected() -> None:
    for topic in TOPICS:
        files = {one.file for one in topic.relevant}
        assert ENCRYPTED not in files
        assert SCAN not in files or topic.type == "name"


def test_versions_and_copies_have_the_same_grade() -> None:
    for topic in TOPICS:
        grades = {one.file: one.grade for one in topic.relevant}
        for one, other in VERSIONS:
            assert grades.get(one) == grades.get(other), topic.id


def test_a_paraphrase_shares_no_stem_with_the_passages_that_answer() -> None:
    encoder = LexicalEncoder()
    paraphrases = {topic.id: topic for topic in TOPICS if topic.type == "paraphrase"}
    assert paraphrases.keys() == ANSWERS.keys()
    for name, sources in ANSWERS.items():
        asked = set(encoder.encode_query(paraphrases[name].query).indices)
        best = {Path(one.file).with_suffix("").as_posix() for one in paraphrases[name].relevant if one.grade == 3}
        assert asked and sources.keys() <= best
        for source, begins in sources.items():
            for words in begins:
                found = [text for text in passages(source) if plain(words) in plain(text)]
                assert found, f"{name}: {source} does not say: {words}"
                for said in encoder.encode_documents(found):
                    assert asked.isdisjoint(said.indices), f"{name}: {source}: {words}"


def written(folder: Path, text: str) -> Path:
    path = folder / "judged.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_judgments_is_read(tmp_path: Path) -> None:
    assert load(written(tmp_path, ONE)) == (
        Topic("q1", "rings", "lay", (Judged("papers/a.pdf", 3, ("page 2",)),)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("queries", "questions", "no list `queries`"),
        ("queries: [", "queries: ][", "cannot be read"),
        ("{id: q1", "{id: q1, query: x, type: lay, relevant: []}, {id: q1", "the id q1 stands twice"),
        ("[{id", "[7, {id", "query 1: 7 is no list of"),
        ("id: q1, ", "", "query 1: id is missing"),
        ("id: q1, ", "id: 1, ", "query 1: id is a text, not 1"),
        ("type: lay", "type: odd", "query 1: type is one of"),
        ("type: lay", "type: lay, note: x", "query 1: note is unknown"),
        ("[{file: papers/a.pdf, grade: 3, locators: [page 2]}]", "none", "relevant is a list"),
        ("[{file", "[{file: papers/a.pdf, grade: 1}, {file", "a file stands twice"),
        ("file: papers/a.pdf, ", "", "file is missing"),
        ("grade: 3", "grade: 4", "grade is 1, 2 or 3, not 4"),
        ("grade: 3", "grade: true", "grade is 1, 2 or 3, not True"),
        ("[page 2]", "[2]", "locators is a list of texts"),
        ("[page 2]", "page 2", "locators is a list"),
    ],
)
def test_a_fault_is_one_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in ONE
    with pytest.raises(QueryError) as caught:
        load(written(tmp_path, ONE.replace(before, after, 1)))
    assert said in str(caught.value) and "judged.yaml" in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="cannot be read"):
        load(tmp_path / "none.yaml")


def test_sixty_questions_of_three_fields_are_asked_that_nothing_answers() -> None:
    asked = load_elsewhere()
    assert {field: len(set(questions)) for field, questions in asked.items()} == dict.fromkeys(asked, 20)
    assert len(asked) == 3


def test_sixty_queries_and_more_are_asked_in_three_languages_against_the_same_judgments() -> None:
    known = {topic.id: topic for topic in load()}
    asked = load_languages()
    assert tuple(asked) == LANGUAGES
    assert len({tuple(topic.id for topic in topics) for topics in asked.values()}) == 1
    for topics in asked.values():
        assert len(topics) >= 60
        for topic in topics:
            assert topic.relevant == known[topic.id].relevant and topic.query != known[topic.id].query


@pytest.mark.parametrize(("row", "said"), [
    ("{id: q00, fr: a, es: b, pt: c}", "query 1: 'q00' is no query"),
    ("{id: q77, fr: a, es: b, pt: c}", "query 1: 'q77' is no query"),
    ("{id: q01, fr: a, es: b}", "query 1: pt is missing"),
    ("{id: q01, fr: a, es: b, pt: ''}", "query 1: pt is a text"),
])  # fmt: skip
def test_a_fault_among_other_languages_is_one_line(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        load_languages(written(tmp_path, f"queries:\n  - {row}\n"))

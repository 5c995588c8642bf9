"""Real and awkward files, read as the service reads them: each becomes passages or a reason of one line.

A sample of the files beside the repository; all of them (about a minute) with TEST_SEARCHSVC_WHOLE_CORPUS=1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.extract.protocol import ExtractLimits
from ingest.prepare import Prepared
from ingest.sandbox import PRELOAD, Sandbox
from searchsvc.encode.load import Counter, load_counter
from searchsvc.errors import IngestError, LimitError
from tests.variables import variable

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
WHOLE = variable("WHOLE_CORPUS") == "1"
STEP = 14  # every so many files of one folder and type
ENCODER = "all-MiniLM-L6-v2"
MAX_TOKENS = 256
TIMEOUT_S = 120
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\ufeff\ud800-\udfff]")

pytestmark = pytest.mark.skipif(
    not (SHARED / "documents").is_dir(), reason="the sample documents are not beside the repository"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    path: Path
    result: Prepared | IngestError


def chosen() -> list[Path]:
    """All files, or about 60 of them spread over folders and types."""
    kinds: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for folder in ("documents", "html"):
        for path in sorted((SHARED / folder).rglob("*")):
            if path.is_file():
                kinds[(path.relative_to(SHARED).parts[1], path.suffix)].append(path)
    return [path for paths in kinds.values() for path in paths[:: 1 if WHOLE else STEP]]


@pytest.fixture(scope="module")
def outcomes() -> Iterator[list[Outcome]]:
    with Sandbox(timeout_s=TIMEOUT_S, preload=(*PRELOAD, f"ingest.prepare:warm:{ENCODER}")) as sandbox:

        def prepared(path: Path) -> Outcome:
            try:
                return Outcome(
                    path, sandbox.run("ingest.prepare:prepare", str(path), path.name, ENCODER, ExtractLimits())
                )
            except IngestError as error:  # anything else is a fault, and fails the tests
                return Outcome(path, error)

        with ThreadPoolExecutor(2) as pool:
            yield list(pool.map(prepared, chosen()))


@pytest.fixture(scope="module")
def read(outcomes: list[Outcome]) -> dict[str, Prepared]:
    return {str(one.path): one.result for one in outcomes if isinstance(one.result, Prepared)}


@pytest.fixture(scope="module")
def counter() -> Counter:
    return load_counter(ENCODER, download=False)


def test_most_files_are_read(outcomes: list[Outcome], read: dict[str, Prepared]) -> None:
    assert len(outcomes) >= 50
    assert len(read) > 0.6 * len(outcomes)


def test_what_is_not_read_has_a_reason_of_one_line(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if isinstance(outcome.result, IngestError):
            said = str(outcome.result)
            assert len(said) > 15 and "\n" not in said and not re.search(r"Error\b|0x|could not be read: ", said), (
                outcome
            )


def test_no_file_takes_too_long_or_too_much_memory(outcomes: list[Outcome]) -> None:
    assert not [one for one in outcomes if isinstance(one.result, LimitError)]


def test_passages_are_the_text_between_their_offsets_in_order(read: dict[str, Prepared]) -> None:
    for name, prepared in read.items():
        assert prepared.text == prepared.document.text, name
        assert [passage.ordinal for passage in prepared.passages] == list(range(len(prepared.passages))), name
        end = 0
        for passage in prepared.passages:
            assert end <= passage.start < passage.end, name
            assert passage.text == prepared.text[passage.start : passage.end], name
            end = passage.end


def test_every_letter_stands_in_a_passage_or_in_a_heading_above_one(read: dict[str, Prepared]) -> None:
    for name, prepared in read.items():
        held = "".join(heading for passage in prepared.passages for heading in passage.heading_path)
        at = 0
        for passage in [*prepared.passages, None]:
            lost = prepared.text[at : passage.start if passage else None]
            headings = [" ".join(line.split()) for line in lost.split("\n\n") if line.strip()]
            assert all(heading in held for heading in headings), (name, headings)
            at = passage.end if passage else at


def test_no_passage_is_longer_than_what_the_encoder_reads(read: dict[str, Prepared], counter: Counter) -> None:
    for name, prepared in read.items():
        counts = counter.count([passage.encoder_input for passage in prepared.passages])
        assert max(counts, default=0) <= MAX_TOKENS, name


def test_no_passage_is_blank_or_holds_control_characters(read: dict[str, Prepared]) -> None:
    for name, prepared in read.items():
        for passage in prepared.passages:
            assert passage.text.strip(), name
            assert not CONTROL.search(passage.encoder_input), name


def test_title_and_authors_are_clean_lines(read: dict[str, Prepared]) -> None:
    for name, prepared in read.items():
        document = prepared.document
        lines = [document.title, *(author.name for author in document.authors)]
        assert all(line.strip() == line != "" and not re.search(r"[\n\t]", line) for line in lines), name
        assert not any(CONTROL.search(line) for line in lines), name
        assert document.date is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", document.date), name


def test_a_file_without_passages_says_why(read: dict[str, Prepared]) -> None:
    for name, prepared in read.items():
        assert prepared.passages or prepared.document.report.warnings, name

"""How much of a web page's article is found, and how little else: precision, recall and F1 against marked bodies.

    python -m eval.extraction DIR            DIR holds html/*.html.gz and ground-truth.json
    python -m eval.extraction DIR --worst 10

The layout and `shingles` are those of the article extraction benchmark
(github.com/scrapinghub/article-extraction-benchmark, MIT): runs of four words, each as often as it stands there;
precision and recall are means over the pages, F1 is made of the means. It punishes text in a wrong order, and numbers
published for other extractors are of this measure. `tokens` is the mean of every page's F1 over single words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean

from ingest.extract.html.extractor import HtmlExtractor
from ingest.extract.protocol import ExtractLimits

__all__ = ["ExtractionScores", "Overlap", "PageScore", "main", "measure", "overlap", "scores_of"]

SHINGLE = 4  # words
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Of two bags of shingles: what share of the extracted is right, what share of the right is extracted."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """2pr / (p + r)"""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class PageScore:
    page: str
    shingles: Overlap
    tokens: Overlap


@dataclass(frozen=True, slots=True)
class ExtractionScores:
    """Of all pages. shingles: means of precision and recall. token_f1: mean of the pages' F1."""

    pages: tuple[PageScore, ...]
    shingles: Overlap
    token_f1: float


def overlap(true: str, extracted: str, *, words: int = SHINGLE) -> Overlap:
    """Of runs of `words` words as often as they occur; a text with fewer is one run."""
    wanted, got = _shingles(true, words), _shingles(extracted, words)
    shared = (wanted & got).total()
    if not wanted and not got:
        return Overlap(1.0, 1.0)
    return Overlap(shared / max(1, got.total()), shared / max(1, wanted.total()))


def _shingles(text: str, words: int) -> Counter[tuple[str, ...]]:
    tokens = _WORD.findall(text)
    return Counter(tuple(tokens[at : at + words]) for at in range(max(1, len(tokens) - words + 1)) if tokens)


def scores_of(true: Mapping[str, str], extracted: Mapping[str, str]) -> ExtractionScores:
    """Both map a page to its text. A page that was not extracted counts as one without text."""
    pages = tuple(
        PageScore(page, overlap(text, extracted.get(page, "")), overlap(text, extracted.get(page, ""), words=1))
        for page, text in true.items()
    )
    mean = Overlap(fmean(one.shingles.precision for one in pages), fmean(one.shingles.recall for one in pages))
    return ExtractionScores(pages, mean, fmean(one.tokens.f1 for one in pages))


def measure(folder: Path, *, workers: int | None = None) -> ExtractionScores:
    """Reads every page of the benchmark in `folder` as the product reads it. FileNotFoundError when it is not there."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    paths = [folder / "html" / f"{page}.html.gz" for page in truth]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        texts = list(pool.map(text_of, paths, chunksize=8))
    return scores_of({page: one["articleBody"] for page, one in truth.items()}, dict(zip(truth, texts, strict=True)))


def text_of(path: Path) -> str:
    """What the product indexes of the page in `path`."""
    data = gzip.decompress(path.read_bytes())
    return HtmlExtractor().extract(data, name=path.stem, limits=ExtractLimits()).text


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.extraction", description="F1 of the article body of web pages."
    )
    parser.add_argument("folder", type=Path, help="holds html/*.html.gz and ground-truth.json")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="name the N pages with the lowest F1")
    options = parser.parse_args(arguments)
    try:
        scores = measure(options.folder)
    except FileNotFoundError as error:
        sys.stderr.write(f"{error.filename} is not there\n")
        return 2
    shingles = scores.shingles
    sys.stdout.write(
        f"{len(scores.pages)} pages, runs of {SHINGLE} words: F1 {shingles.f1:.3f}, "
        f"precision {shingles.precision:.3f}, recall {shingles.recall:.3f}; single words: F1 {scores.token_f1:.3f}\n"
    )
    for one in sorted(scores.pages, key=lambda page: page.shingles.f1)[: options.worst]:
        share = one.shingles
        sys.stdout.write(f"  {share.f1:.3f}  precision {share.precision:.3f}  recall {share.recall:.3f}  {one.page}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

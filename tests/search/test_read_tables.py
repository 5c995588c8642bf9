"""A row of a table that is found reads with the headings of its columns, however long the table is."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.kit import Bench

SITES = [f"Site{number:03d}" for number in range(120)]


def test_a_row_far_below_the_headings_reads_with_them(tmp_path: Path) -> None:
    rows = "\n".join(f"| {site} | {40 + number} | {number % 50}% |" for number, site in enumerate(SITES))
    bench = Bench(tmp_path)
    try:
        bench.add("file:///t.md", f"# Visits\n\nWho came.\n\n| Clinic | Women | Kept |\n| --- | --- | --- |\n{rows}\n")
        [hit] = bench.searcher.search("Site097").hits
        shown = hit.passages[0]
        assert shown.passage.text.splitlines()[0] != "Clinic | Women | Kept"  # it begins within the table
        assert shown.reading is not None
        assert "Clinic: Site097; Women: 137; Kept: 47%." in shown.reading.text.splitlines()
        [(start, end)] = shown.reading.highlights
        assert shown.reading.text[start:end] == "Site097"
        assert shown.reading.answer is not None
        first, last = shown.reading.answer
        assert shown.reading.text[first:last] == "Clinic: Site097; Women: 137; Kept: 47%"
    finally:
        bench.close()

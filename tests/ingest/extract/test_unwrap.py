"""Files compressed one by one are read as what is in them."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from ingest.extract.protocol import ExtractLimits
from ingest.extract.registry import extract
from ingest.extract.unwrap import unwrapped
from ingest.prepare import prepare
from searchsvc.errors import DamagedError, IngestError, LimitError, UnsupportedError

PAGE = b"<html><head><title>Soil carbon in the Sahel</title></head><body><p>It came back.</p></body></html>"
MAX = 1_000_000


def test_a_compressed_page_is_read_under_its_own_name() -> None:
    assert unwrapped(gzip.compress(PAGE), "soil.html.gz", max_bytes=MAX) == (PAGE, "soil.html")
    document = extract(gzip.compress(PAGE), "soil.html.gz")
    assert (document.title, document.text) == ("Soil carbon in the Sahel", "It came back.")


def test_a_compressed_file_is_told_by_its_bytes_not_by_its_name() -> None:
    assert unwrapped(gzip.compress(PAGE), "soil.html", max_bytes=MAX) == (PAGE, "soil.html")
    assert unwrapped(PAGE, "soil.html.gz", max_bytes=MAX) == (PAGE, "soil.html.gz")
    assert extract(PAGE, "soil.html.gz").text == "It came back."


def test_several_compressed_parts_one_after_the_other_are_one_file() -> None:
    data = gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:])
    assert unwrapped(data, "a.gz", max_bytes=MAX)[0] == PAGE


@pytest.mark.parametrize("keep", [3, 9, 12, 40, -1])
def test_a_truncated_file_is_damaged(keep: int) -> None:
    with pytest.raises(DamagedError, match="damaged or cut off"):
        extract(gzip.compress(PAGE)[:keep], "soil.html.gz")


def test_a_damaged_file_gives_a_reason_wherever_the_damage_is() -> None:
    data = gzip.compress(PAGE * 20)
    for at in range(2, len(data)):
        damaged = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        try:
            inside, _ = unwrapped(damaged, "soil.html.gz", max_bytes=MAX)
        except IngestError as error:
            assert "\n" not in str(error)
        else:
            assert inside == PAGE * 20  # the header's time and operating system are covered by no checksum


def test_a_bomb_goes_over_the_limit_without_being_unpacked_whole() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(LimitError, match="unpacks to more than 1 MB"):
        unwrapped(bomb, "bomb.html.gz", max_bytes=MAX)
    with pytest.raises(LimitError):
        extract(bomb, "bomb.html.gz", ExtractLimits(max_unpacked_bytes=MAX))


def test_a_compressed_file_in_a_compressed_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    twice = gzip.compress(gzip.compress(PAGE))
    with pytest.raises(UnsupportedError, match="a compressed file inside a compressed file is not read"):
        extract(twice, "soil.html.gz.gz")
    path = tmp_path / "soil.html.gz.gz"
    path.write_bytes(twice)
    with pytest.raises(UnsupportedError, match="a compressed file inside a compressed file is not read"):
        prepare(str(path), path.name, "hashing", ExtractLimits())


def test_what_is_no_compressed_file_but_begins_like_one_is_damaged() -> None:
    noise = random.Random(1).randbytes(500)
    with pytest.raises(DamagedError):
        extract(b"\x1f\x8b" + noise, "x.bin")


def test_an_empty_file_inside_is_an_empty_file() -> None:
    with pytest.raises(DamagedError, match="the file is empty"):
        extract(gzip.compress(b""), "x.html.gz")


def test_the_type_that_is_kept_is_that_of_the_file_inside(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(gzip.compress(PAGE))
    assert prepare(str(path), "soil.html.gz", "hashing", ExtractLimits()).media_type == "text/html"

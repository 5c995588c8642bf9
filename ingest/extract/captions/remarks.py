"""What a file of captions says of its recording, in notes and in its name. Pure.

WEBVTT - Rings in the rainy season

NOTE
Recording: https://video.example.org/watch?v=rings
Date: 3 May 2026
Speakers: Ana Souza; Kofi Mensah
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import PurePath

from ingest.extract.clean import one_line, sensible_title, title_from_name
from ingest.extract.names import as_shown, looks_like_a_name, names_in
from searchsvc.text.dates import dates_in, iso_date

__all__ = ["Remarks", "remarks_in"]

_NAMED = re.compile(r"^\s*([A-Za-z][\w -]{1,24}?)\s*:\s+(\S.*)$", re.M)
_URL = re.compile(r"https?://\S+")
_URLS = ("recording", "video", "url", "link", "webinar", "source")
_SPEAKERS = ("speakers", "speaker", "presenters", "presenter", "authors", "author")
_DATES = ("date", "presented", "recorded", "held")
_SUMMARIES = ("summary", "description", "abstract")
_LANGUAGE = re.compile(r"[._ -]([a-z]{2})(?:-[A-Za-z]{2,4})?$")
_TRANSCRIPT = re.compile(r"(?i)[._ -](?:transcript|captions?|subtitles?|cc|vtt|srt|auto)$")
_YOUTUBE = re.compile(r"\s*\[([\w-]{11})\]$")  # as download programs name files
_ZOOM = re.compile(r"GMT(\d{4})(\d\d)(\d\d)-\d{6}")


class Remarks:
    """title, url, date, language, summary: empty where nothing says so. speakers: in the order given."""

    def __init__(self, remarks: Sequence[str], name: str) -> None:
        told: dict[str, str] = {}
        for remark in remarks:
            for key, value in _NAMED.findall(remark):
                told.setdefault(key.strip().lower(), one_line(value))
        stem, self.language, found = _of_name(name)
        bare = next((remark for remark in remarks if _URL.fullmatch(remark)), "")
        given = [told[key] for key in _URLS if _URL.fullmatch(told.get(key, ""))]
        self.url = next(iter(given), "") or bare or found
        head = re.sub(r"^[-–—:\s]+", "", remarks[0].split("\n")[0]) if remarks else ""
        titles = (told.get("title"), "" if _NAMED.match(head) or _URL.match(head) else head)
        self.title = next((title for one in titles if (title := sensible_title(one, name))), "") or title_from_name(
            stem
        )
        self.language = _language(told.get("language")) or self.language
        self.summary = next((told[key] for key in _SUMMARIES if key in told), "")
        self.date = next((iso for key in _DATES if (iso := iso_date(told.get(key)))), None) or _date(name)
        self.speakers = tuple(_people(next((told[key] for key in _SPEAKERS if key in told), "")))


def remarks_in(remarks: Sequence[str], name: str) -> Remarks:
    """remarks: what is not said in the file, its head first. name: of the file."""
    return Remarks(remarks, name)


def _of_name(name: str) -> tuple[str, str, str]:
    """What the name says without what programs add, the language, and the address of the recording."""
    stem = PurePath(name.split("?")[0]).stem
    language = url = ""
    for _ in range(3):
        stem = _TRANSCRIPT.sub("", stem)
        if (tagged := _LANGUAGE.search(stem)) and tagged[1] in _languages() and stem[tagged.start()] in "._":
            language, stem = language or tagged[1], stem[: tagged.start()]
    if (video := _YOUTUBE.search(stem)) and re.search(r"[\d_-]|.[A-Z]", video[1]):
        stem, url = stem[: video.start()], f"https://www.youtube.com/watch?v={video[1]}"
    return f"{stem}.vtt", language, url


@cache
def _languages() -> frozenset[str]:
    from babel import Locale

    return frozenset(str(code) for code in Locale("en").languages if len(str(code)) == 2)


def _language(told: str | None) -> str:
    match = re.match(r"([a-z]{2})(?:[-_]|$)", (told or "").lower())
    return match[1] if match else ""


def _date(name: str) -> str | None:
    stem = PurePath(name).stem
    if zoom := _ZOOM.search(stem):
        return iso_date("-".join(zoom.groups()))
    return next((one.iso for one in dates_in(stem.replace("_", " ")) if not one.bare), None)


def _people(line: str) -> list[str]:
    parts = [part.strip() for part in line.split(";")] if ";" in line else names_in(line) or [line.strip()]
    return [as_shown(part) if looks_like_a_name(part) else part for part in parts if part]

"""Addresses that start a recording where something is said."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urlencode, urlsplit

from searchsvc.model import Passage, Resource

__all__ = ["media_href", "started_at"]

_CAPTIONS = (".vtt", ".srt")
# Players that take the start as a parameter of the address: the end of their host, its name, what follows the number.
_PARAMETERS = (
    ("youtube.com", "t", "s"),
    ("youtu.be", "t", "s"),
    ("youtube-nocookie.com", "start", ""),
    ("dailymotion.com", "start", ""),
    ("panopto.com", "start", ""),
    ("panopto.eu", "start", ""),
    ("archive.org", "start", ""),
)


def media_href(resource: Resource, passage: Passage) -> str | None:
    """Where the recording starts at the passage; None for what is no recording or has no known address."""
    locator = passage.locator
    return started_at(resource.url or "", locator.number or 0) if locator.kind == "time" else None


def started_at(url: str, second: int) -> str | None:
    """`url` with its start at `second`; None for what is no recording.

    Everything but the players above takes the fragment of Media Fragments: https://www.w3.org/TR/media-frags/.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or PurePosixPath(parts.path).suffix.lower() in _CAPTIONS:
        return None
    for ending, name, unit in _PARAMETERS:
        if host == ending or host.endswith(f".{ending}"):
            kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
            return parts._replace(query=urlencode([*kept, (name, f"{second}{unit}")]), fragment="").geturl()
    unit = "s" if host == "vimeo.com" or host.endswith(".vimeo.com") else ""
    return parts._replace(fragment=f"t={second}{unit}").geturl()

"""DOIs, ORCID iDs and ROR ids: found in a text, and brought into the one form in which they are kept and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = [
    "ORCID_PATTERN",
    "WHOLE_DOI_PATTERN",
    "bare_identifier",
    "doi_in",
    "doi_url",
    "dois_in",
    "orcid_in",
    "orcid_of",
    "orcid_url",
    "orcids_in",
    "ror_of",
    "without_orcids",
]

ORCID_PATTERN = r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]"
WHOLE_DOI_PATTERN = r"10\.\d{4,9}/\S+"
_ORCID = re.compile(rf"(?i)\b({ORCID_PATTERN})\b")
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>{}|?#\u2060]{1,300})")  # the longest known has some 200
_ROR = re.compile(r"(?:(?:https?://)?ror\.org/|ror:)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})")
_DOI_URL, _ORCID_URL = "https://doi.org/", "https://orcid.org/"
_PREFIXES = (_DOI_URL, "http://doi.org/", _ORCID_URL, "doi:", "orcid:")


def doi_in(text: str) -> str | None:
    """The first DOI that stands there, in lower case, without the punctuation of the sentence around it."""
    return next(_dois(text), None)


def dois_in(text: str) -> list[str]:
    """All of them, in order."""
    return list(_dois(text))


def doi_url(doi: str) -> str:
    return _DOI_URL + doi


def orcid_in(text: str) -> str | None:
    """The first ORCID iD that stands there, alone or in an address. Its last digit is not checked."""
    match = _ORCID.search(text)
    return match[1].upper() if match else None


def orcids_in(text: str) -> list[tuple[int, int, str]]:
    """(start, end, iD) of all of them."""
    return [(*match.span(), match[1].upper()) for match in _ORCID.finditer(text)]


def without_orcids(text: str) -> str:
    return _ORCID.sub(" ", text)


def orcid_of(value: str) -> str | None:
    """The sixteen characters in four groups, from these or an address; None when the last does not fit (ISO 7064)."""
    orcid = value.strip().upper().removeprefix("ORCID:").rpartition("/")[2]
    if not re.fullmatch(ORCID_PATTERN, orcid):
        return None
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    expected = (12 - total % 11) % 11
    return orcid if orcid[-1] == ("X" if expected == 10 else str(expected)) else None


def ror_of(value: str) -> str | None:
    """The nine characters, from these or an address; None for what is none. Its two last digits are not checked."""
    match = _ROR.fullmatch(value.strip().lower())
    return match[1] if match else None


def orcid_url(orcid: str) -> str:
    return _ORCID_URL + orcid


def bare_identifier(words: str) -> str:
    """What was typed to look an identifier up, without `doi:` or the address before it, folded in case."""
    value = words.strip().casefold()
    for prefix in _PREFIXES:
        value = value.removeprefix(prefix)
    return value.strip()


def _dois(text: str) -> Iterator[str]:
    found = (_trimmed(match[1]).lower() for match in _DOI.finditer(text))
    return (doi for doi in found if not doi.endswith("/"))


def _trimmed(doi: str) -> str:
    doi = doi.rstrip(".,;:'’”")
    while doi.endswith((")", "]")) and doi.count("(") < doi.count(")") + doi.count("]") - doi.count("["):
        doi = doi[:-1].rstrip(".,;")
    return doi

"""By what a thing of the archive or of the register can be asked for. Pure functions."""

from __future__ import annotations

import re

from searchsvc.model import Resource
from searchsvc.text.identifiers import doi_in

__all__ = ["keys_of"]

_ARXIV = r"([a-z][a-z.-]{1,19}/\d{7}|\d{4}\.\d{4,5})(?:v\d{1,3})?"
_OF_NUMBER = re.compile(rf"arxiv:{_ARXIV}", re.I)
_OF_URL = re.compile(rf"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/{_ARXIV}(?:\.pdf)?", re.I)
_OF_DOI = re.compile(rf"10\.48550/arxiv\.{_ARXIV}", re.I)
_PMID = re.compile(r"[1-9]\d{0,8}")


def keys_of(resource: Resource) -> dict[str, str]:
    """Scheme -> what the file says that it is: doi, pmid, arxiv."""
    found = {}
    doi = doi_in(resource.identifiers.get("doi", ""))
    if doi:
        found["doi"] = doi
    pmid = resource.identifiers.get("pmid", "").strip()
    if _PMID.fullmatch(pmid):
        found["pmid"] = pmid
    arxiv = (
        _OF_DOI.fullmatch(doi or "") or _OF_NUMBER.fullmatch(resource.publication.number or "")
        or _OF_URL.fullmatch(resource.url or "")
    )  # fmt: skip
    if arxiv:
        found["arxiv"] = arxiv[1].lower()
    return found

"""Exports of reference managers: which form a file is in, by its content."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.clean import decode
from ingest.sources.records.bibtex import bibtex_records, is_bibtex
from ingest.sources.records.csl import csl_records, is_csl
from ingest.sources.records.record import Record
from ingest.sources.records.ris import is_ris, ris_records
from ingest.sources.records.zotero_rdf import is_zotero_rdf, zotero_rdf_records
from searchsvc.errors import DamagedError

__all__ = ["exported_records"]


def exported_records(data: bytes, name: str) -> Iterator[Record]:
    """The works in an export called `name`, those without a key left out. Raises DamagedError when it is none."""
    text = decode(data)
    if not text.strip():
        raise DamagedError(f"{name} is empty.")
    if is_zotero_rdf(text):
        found = zotero_rdf_records(data)
    elif is_csl(text):
        found = _json(text, name)
    elif is_ris(text):
        found = ris_records(text)
    elif is_bibtex(text):
        found = bibtex_records(text)
    else:
        raise DamagedError(f"{name} is no export that is known: RIS, BibTeX, CSL-JSON and Zotero RDF are read.")
    return (record for record in found if record.key)


def _json(text: str, name: str) -> Iterator[Record]:
    try:
        yield from csl_records(text)
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"{name} cannot be read as JSON: {str(error)[:100]}.") from None

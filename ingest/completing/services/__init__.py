"""The services that are asked, in the order in which they are believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ingest.completing.services.arxiv import Arxiv
from ingest.completing.services.crossref import Crossref
from ingest.completing.services.datacite import DataCite
from ingest.completing.services.orcid import Orcid
from ingest.completing.services.pubmed import PubMed
from ingest.completing.services.ror import Ror
from ingest.completing.told import Service

__all__ = ["SERVICES"]

_ALL: Final[tuple[Service, ...]] = (Crossref(), DataCite(), PubMed(), Arxiv(), Orcid(), Ror())
SERVICES: Final[Mapping[str, Service]] = {one.setting: one for one in _ALL}
"""Name of the setting -> the service. A DOI that Crossref does not know is DataCite's."""

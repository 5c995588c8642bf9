"""Metadata completed from identifiers: services are asked what they know of a DOI, a PMID, an arXiv id, an ORCID iD or
a ROR id, and what is missing, doubtful or contradicts is proposed."""

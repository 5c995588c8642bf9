"""The catalogue: the SQL database of what is known, on SQLite or PostgreSQL. It is the truth."""

from searchsvc.catalogue.catalogue import Catalogue
from searchsvc.catalogue.changes import REGISTER_VERSION
from searchsvc.catalogue.corrections import CORRECTED, PUBLISHED
from searchsvc.catalogue.curation import ACTIONS, Action, Curated, Decision, Revision, pair_of, said_of
from searchsvc.catalogue.edits import Edit, with_edits
from searchsvc.catalogue.insights import CountKey, What
from searchsvc.catalogue.introductions import STATUSES, Remembered, Status
from searchsvc.catalogue.judging import JudgedQuery, Judgment, Pooled, query_id
from searchsvc.catalogue.locks import ORIGINALS
from searchsvc.catalogue.opinions import KeptOpinions, Says, opinion_key
from searchsvc.catalogue.restricted import OneSees, RestrictedCatalogue
from searchsvc.catalogue.rows import Item, ItemStatus, Location, Place, Removal, StoredPassage, author_value
from searchsvc.catalogue.verdicts import (
    VERDICTS,
    Decided,
    Verdict,
    VerdictKind,
    Word,
    folded_words,
    meets_id,
    same_work_id,
)
from searchsvc.catalogue.whole import WORDS_DIFFER

__all__ = [
    "ACTIONS",
    "CORRECTED",
    "ORIGINALS",
    "PUBLISHED",
    "REGISTER_VERSION",
    "STATUSES",
    "VERDICTS",
    "WORDS_DIFFER",
    "Action",
    "Catalogue",
    "CountKey",
    "Curated",
    "Decided",
    "Decision",
    "Edit",
    "Item",
    "ItemStatus",
    "JudgedQuery",
    "Judgment",
    "KeptOpinions",
    "Location",
    "OneSees",
    "Place",
    "Pooled",
    "Remembered",
    "Removal",
    "RestrictedCatalogue",
    "Revision",
    "Says",
    "Status",
    "StoredPassage",
    "Verdict",
    "VerdictKind",
    "What",
    "Word",
    "author_value",
    "folded_words",
    "meets_id",
    "opinion_key",
    "pair_of",
    "query_id",
    "said_of",
    "same_work_id",
    "with_edits",
]  # fmt: skip

"""The catalogue: the SQL database of what is known, on SQLite or PostgreSQL. It is the truth."""

from searchsvc.catalogue.catalogue import Catalogue
from searchsvc.catalogue.rows import Item, Location, StoredPassage

__all__ = ["Catalogue", "Item", "Location", "StoredPassage"]

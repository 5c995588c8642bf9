"""searchsvc: search, related resources and connections for a learning network's archive."""

__version__ = "0.1.0"

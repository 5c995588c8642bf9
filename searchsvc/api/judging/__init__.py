"""Queries, what is found for them, and how people of the archive grade it."""

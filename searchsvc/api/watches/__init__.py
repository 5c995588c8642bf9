"""Searches that people follow, over HTTP."""

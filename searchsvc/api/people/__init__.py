"""Collaborators over HTTP."""

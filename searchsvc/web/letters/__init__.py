"""Ending letters, in one click."""

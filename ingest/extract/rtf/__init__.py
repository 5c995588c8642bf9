"""Texts in the Rich Text Format."""

"""The page of the searches that somebody follows, and their feeds."""

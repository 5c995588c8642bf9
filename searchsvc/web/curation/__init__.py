"""The page of the work list."""

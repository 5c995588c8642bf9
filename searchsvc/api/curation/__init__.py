"""The work list, decisions on it, and what was decided."""

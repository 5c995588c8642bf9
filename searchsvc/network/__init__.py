"""People and what connects them: who knows about what, who could work with whom."""

"""People and what connects them: who knows whom, who could work with whom, and why."""

"""Who should know whom, and why: expertise, facets, ties, projects."""

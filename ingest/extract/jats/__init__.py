"""Articles in JATS, NLM and PubMed XML."""

"""`searchsvc bench`: how fast, how large. Figures of one run on one machine; compare ratios, never two runs."""

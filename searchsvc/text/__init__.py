"""Text as it is compared and quoted: folded, cut into sentences; names of people, dates and identifiers in it."""

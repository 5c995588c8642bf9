"""Text as it is compared and quoted: folded, cut into sentences."""

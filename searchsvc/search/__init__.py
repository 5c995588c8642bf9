"""Reading: words in, ranked resources with their evidence out."""

"""What came, what changed and what comes: for those who read it now and then."""

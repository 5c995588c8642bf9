"""What judges searchsvc: the sample archive and what is measured on it."""

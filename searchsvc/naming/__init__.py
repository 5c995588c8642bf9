"""What groups of texts are called, by the words that tell them from others."""

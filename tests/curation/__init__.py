"""What is doubted, and how it is told."""

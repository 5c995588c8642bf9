"""The vector store seam and its implementations."""

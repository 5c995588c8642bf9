"""What writes: sources, extraction, chunking and the durable pipeline."""

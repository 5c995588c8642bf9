"""Texts to vectors: the encoder seam, the bundled model, and BM25's sparse vectors."""

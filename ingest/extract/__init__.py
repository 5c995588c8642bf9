"""From the bytes of a file to a document. `registry.extract` is the way in."""

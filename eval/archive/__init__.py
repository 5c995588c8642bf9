"""The sample archive: texts written for it, and the builder that makes real files of them."""

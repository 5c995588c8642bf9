"""Works as lists of references and repositories describe them."""

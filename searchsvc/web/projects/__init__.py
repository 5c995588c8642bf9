"""Projects near another one, as pages show them."""

"""People worth meeting, as pages show them."""

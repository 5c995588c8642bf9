"""One page for who looks after the network."""

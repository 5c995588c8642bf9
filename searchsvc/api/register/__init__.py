"""The network's register over HTTP."""

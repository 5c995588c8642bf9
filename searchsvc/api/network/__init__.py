"""The network and its introductions over HTTP."""

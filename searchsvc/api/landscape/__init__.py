"""The landscape over HTTP."""

"""People who sign in, over HTTP."""

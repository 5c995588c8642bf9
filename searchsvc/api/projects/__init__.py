"""Projects that belong together over HTTP."""

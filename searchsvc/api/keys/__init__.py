"""Keys of the API over HTTP."""

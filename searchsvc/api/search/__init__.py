"""Search, suggestions and related resources over HTTP."""

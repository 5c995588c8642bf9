"""The landscape as pages and files."""

"""The pages of resources, and their references."""

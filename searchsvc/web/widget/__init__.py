"""The search widget for other sites."""

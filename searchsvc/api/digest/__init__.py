"""What is new, over HTTP: as JSON, as a page, as text for people, as a feed."""

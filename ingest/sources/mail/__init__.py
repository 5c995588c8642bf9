"""Mail as a source: what alerts and lists link to, and what is attached to them. The letters themselves stay where
they are."""

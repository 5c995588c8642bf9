"""People: who knows most about something, and who could help whom."""

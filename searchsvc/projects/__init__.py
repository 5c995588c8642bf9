"""Projects that belong together, work done twice, and what the network lacks."""

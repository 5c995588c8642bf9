"""What other programs take of the whole archive: OAI-PMH, the map of the site, and what robots may look at."""

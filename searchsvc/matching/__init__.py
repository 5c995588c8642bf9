"""How near two statements of the register are: a need and an offer, two goals, two interests."""

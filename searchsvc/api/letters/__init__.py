"""Letters with what is new: who gets them, what they say, and sending them."""

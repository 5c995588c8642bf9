"""Pages in a real browser. A package of its own: the browser occupies the event loop until it ends."""

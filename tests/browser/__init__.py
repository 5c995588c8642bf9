"""Pages in a real browser. A package of its own, so that the browser ends before the next folder: it occupies the event loop."""

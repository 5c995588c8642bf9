"""What people look for, counted and shown, over HTTP."""

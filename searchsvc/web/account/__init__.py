"""Pages to sign in and out, and of who is signed in."""

"""What comes in over HTTP: uploads, and the jobs they become."""

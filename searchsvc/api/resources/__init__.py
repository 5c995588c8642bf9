"""Resources over HTTP: what is known of them, their files and their text."""

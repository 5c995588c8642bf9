"""Libraries of Zotero: an export with its files, and what the program and its website give."""

"""What services say of identifiers, and what becomes of it."""

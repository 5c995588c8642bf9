"""What a language model thinks of what wording leaves open; asked on command, kept, and marked as its word."""

"""What happens when: events, and until when one can apply."""

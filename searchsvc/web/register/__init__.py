"""The pages of people, organizations and projects."""

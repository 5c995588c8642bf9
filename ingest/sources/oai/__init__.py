"""Repositories that are harvested by the protocol of the Open Archives Initiative, OAI-PMH 2.0."""

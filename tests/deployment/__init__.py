"""Whole deployments: services, workers, databases and a proxy, each a process of its own."""

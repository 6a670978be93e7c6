"""A check of a repository: what is looked at, by which policy, and what came of it."""

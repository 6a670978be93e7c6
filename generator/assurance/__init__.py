"""Judgement: checks on a topology, and the drift register. Knows nothing of the site."""

"""Signatures of commits and tags, checked with keys that were given and with nothing else."""

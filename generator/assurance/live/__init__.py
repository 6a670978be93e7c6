"""Snapshots of what runs, against what git says should run."""

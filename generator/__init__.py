"""Assay: release evidence from the git history of a deployment repository."""

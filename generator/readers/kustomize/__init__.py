"""Kustomize: what an overlay needs, what its engine makes of it, and what stands in for missing files."""

"""Helm: what a chart renders to, and its values where it can't be rendered."""

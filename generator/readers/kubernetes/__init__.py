"""Kubernetes manifests: every object a component, brought to one form before its fields are read."""

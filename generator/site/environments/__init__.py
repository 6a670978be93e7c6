"""Pages of environments: what stands there, every deployment that ever came, and how to get any of them back."""

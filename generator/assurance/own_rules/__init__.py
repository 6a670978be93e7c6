"""Rules that the user declares in `assay.yaml`."""

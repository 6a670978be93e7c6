"""`assay.yaml` as a `Config`, and the detection of a layout when there is none. Knows nothing of git or the site."""

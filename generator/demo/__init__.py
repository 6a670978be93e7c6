"""A sample deployment repository with fixed dates, to try Assay on."""

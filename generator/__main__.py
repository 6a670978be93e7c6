"""`python -m generator` is `assay`."""

from generator.cli import run

run()

"""`python -m generator` is `assay`."""

from generator.cli import main

main()

"""Arguments, progress and exit codes; everything else is the pipeline's."""

from generator.cli.commands import main

__all__ = ["main"]

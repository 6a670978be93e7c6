"""Arguments, progress and exit codes; everything else is the pipeline's."""

from generator.cli.commands import main
from generator.cli.program import run

__all__ = ["main", "run"]

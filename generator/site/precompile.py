"""Templates compiled ahead: `python -m generator.site.precompile`, by whoever may write beside them.

For an image whose user may not, and for tests that start the program hundreds of times without leave to.
"""

from __future__ import annotations

from generator.site.sources import template_folders
from generator.site.templating import Templates


def precompile() -> None:
    """Compile every template of ours that is not kept compiled yet; each build compiles those that can't be kept."""
    Templates(template_folders(())).compile()


if __name__ == "__main__":
    precompile()

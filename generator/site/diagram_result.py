"""What became of a diagram, and where it stands in a site."""

from __future__ import annotations

from typing import Literal

import msgspec

DIAGRAMS = "assets/diagrams"
"""Folder of the diagrams in a site."""


class DiagramResult(msgspec.Struct, frozen=True):
    """What became of a requested graph."""

    state: Literal["drawn", "grouped", "table"]
    """`drawn` whole, `grouped` with one node a group, or `table`: there is no picture."""
    width: int
    """Pixels; 0 without a picture."""
    height: int
    """Pixels; 0 without a picture."""
    reason: str
    """Why it is not drawn whole, as a sentence; empty where it is."""


def picture_files(name: str) -> tuple[str, str]:
    """Return where the diagram `name` stands in a site, for light and dark pages."""
    return f"{DIAGRAMS}/{name}.svg", f"{DIAGRAMS}/{name}.dark.svg"

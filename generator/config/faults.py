"""What is wrong with a configuration file, before its place in the text is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.config.positions import Location


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    location: Location
    reason: str
    fix: str = ""
    at_key: bool = False
    """True where the key is at fault, false where its value is."""

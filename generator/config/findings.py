"""What a look for one layout found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.config.schema import ModelSource

Confidence = Literal["sure", "likely", "guess"]


@dataclass(frozen=True, slots=True)
class Found:
    """A layout that fits."""

    environments: Mapping[str, str]
    """Path of each environment; empty text where the model tells its files."""
    reasons: tuple[str, ...]
    """Sentences: what was seen."""
    confidence: Confidence
    model: tuple[ModelSource, ...] = ()


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return names in a row for a sentence, the first `most` of them."""
    shown = [f"`{name}`" for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

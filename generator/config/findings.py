"""What a look for one layout found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from generator.config.environment_words import in_order
from generator.config.schema import Environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.config.schema import ModelSource

Confidence = Literal["sure", "likely", "guess"]
SURENESS: tuple[Confidence, ...] = ("sure", "likely", "guess")
"""From the surest to the least sure."""
SINGLE = "production"
"""What the only environment of a repository is called."""


@dataclass(frozen=True, slots=True)
class Found:
    """A layout that fits."""

    environments: Mapping[str, Environment]
    """Environments in the order of promotion. Where none has an upstream or is production, the words tell both."""
    reasons: tuple[str, ...]
    """Sentences: what was seen."""
    confidence: Confidence
    model: tuple[ModelSource, ...] = ()
    what: str = ""
    """What it is called, for a sentence that says it was seen and not taken."""
    assumed: bool = False
    """True where nothing tells environments apart: there is one place, and the name of its environment is assumed."""


def in_model(names: Iterable[str]) -> dict[str, Environment]:
    """Return environments whose files the model tells, in the order of promotion."""
    return {name: Environment() for name in in_order(names)}


def weaker(*confidences: Confidence) -> Confidence:
    """Return the least sure of `confidences`."""
    return max(confidences, key=SURENESS.index)


def listed(names: Sequence[str], most: int = 4) -> str:
    """Return names in a row for a sentence, the first `most` of them."""
    shown = [f"`{name}`" for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

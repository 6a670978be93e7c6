"""Ids of what goes by one name in several namespaces of an environment.

The one that stood first keeps the bare name for as long as it stands, so its history goes on when another comes; the
others go by `NAMESPACE/NAME`. An id once given stays, also through a time in which nothing stands there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.environment_words import variant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_UNNAMED = "default"
"""What is read for an object that names no namespace."""
_STARTS_OF_IDS = frozenset({"job", "cronjob", "external"})
"""Namespaces whose name with a slash is how other ids begin."""


class Namespaces:
    """The ids that one environment gave so far."""

    def __init__(self) -> None:
        """Start without any."""
        self._ids: dict[str, dict[str, str]] = {}
        """For each name that stood in several namespaces at once: namespace → id."""
        self._bare: dict[str, int] = {}
        """How often each namespace got the bare name."""

    def known(self, base: str) -> bool:
        """Return whether `base` ever stood in several namespaces."""
        return base in self._ids

    def ids(
        self, base: str, spaces: Sequence[str], before: str | None, crowd: Callable[[], Mapping[str, int]]
    ) -> dict[str, str]:
        """Return namespace → id for each of `spaces`, in which something goes by `base` now.

        `before` is the namespace of what had the bare name until now, `None` where nothing had. Where several come at
        once, the bare name goes to the namespace that already has most bare names, else to the one with most
        components by `crowd`, else to the first by the alphabet.
        """
        ids = self._ids.get(base)
        if ids is None:
            if len(spaces) == 1:
                return {spaces[0]: base}
            ids = self._ids[base] = {} if before is None else {before: base}
        holder = next((space for space, identity in ids.items() if identity == base), None)
        coming = [space for space in spaces if space not in ids]
        if holder not in spaces and coming:
            # What had the name is gone or moved, and those that stand keep the ids they have.
            if holder is not None:
                del ids[holder]
            counts = crowd() if len(coming) > 1 else {}
            chosen = min(coming, key=lambda space: (-self._bare.get(space, 0), -counts.get(space, 0), space))
            ids[chosen] = base
            self._bare[chosen] = self._bare.get(chosen, 0) + 1
        for space in spaces:
            if space not in ids:
                ids[space] = _free(space, base, frozenset(ids.values()))
        return {space: ids[space] for space in spaces}


def _free(space: str, base: str, taken: frozenset[str]) -> str:
    """Return an id for `base` in `space`: without the word for the environment in it, which others have otherwise."""
    if space in _STARTS_OF_IDS:
        return f"namespace-{space}/{base}"
    named = space or _UNNAMED
    for start in (variant(named) or named, named):
        if f"{start}/{base}" not in taken:
            return f"{start}/{base}"
    return f"{named}-namespace/{base}"

"""What the trailers of a commit's message say of its deployments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.config.declared import Trailers

_YES = frozenset({"yes", "true", "1"})
_NO = frozenset({"no", "false", "0"})
_APART = re.compile(r"[,;\s]+")
MOST_NAMES = 10
"""Names that are read from one value."""


class Trailer(NamedTuple):
    """One trailer, key and value as written."""

    key: str
    value: str

    @property
    def names(self) -> tuple[str, ...]:
        """Return the deployments or commits that the value names; a remark in brackets after them is left out."""
        return tuple(name for name in _APART.split(self.value.partition("(")[0]) if name)[:MOST_NAMES]

    @property
    def yes(self) -> bool | None:
        """Return whether the value says yes or no; `None` where it says neither."""
        word = self.value.strip().lower()
        return True if word in _YES else False if word in _NO else None


class Said(msgspec.Struct, frozen=True):
    """The trailers of one commit that mean something, by what they mean, in their order."""

    rollback_of: tuple[Trailer, ...] = ()
    fixes: tuple[Trailer, ...] = ()
    hotfix: tuple[Trailer, ...] = ()
    promoted_from: tuple[Trailer, ...] = ()
    approvals: tuple[Trailer, ...] = ()


NOTHING_SAID = Said()


class TrailerReader:
    """Finds the trailers that mean something, by the names that the configuration gives them."""

    def __init__(self, trailers: Trailers) -> None:
        """Look for the names in `trailers`, in any case."""
        meanings = {
            "rollback_of": trailers.rollback,
            "fixes": trailers.fixes,
            "hotfix": trailers.hotfix,
            "promoted_from": trailers.promoted,
            "approvals": trailers.approval,
        }
        self._meaning = {name.lower(): meaning for meaning, names in meanings.items() for name in names}

    def said(self, trailers: Iterable[tuple[str, str]]) -> Said:
        """Return what `trailers`, as git reads them, say."""
        found: dict[str, list[Trailer]] = {}
        for key, value in trailers:
            meaning = self._meaning.get(key.lower())
            if meaning is not None:
                found.setdefault(meaning, []).append(Trailer(key, value))
        return Said(**{meaning: tuple(those) for meaning, those in found.items()}) if found else NOTHING_SAID

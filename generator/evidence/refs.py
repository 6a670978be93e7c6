"""`refs.json`: every branch that was read and every tag, so that the next bundle can tell which of them moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.errors import Place, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REFS = "refs.json"


class RefRecord(msgspec.Struct, frozen=True):
    """Where one ref stands."""

    object: str
    """Full id of what it names: a commit, or for a tag with a message the tag itself."""
    commit: str
    """Full id of the commit that it leads to; empty where it leads to a file or a tree, or to nothing."""


def refs_text(refs: Mapping[str, RefRecord]) -> bytes:
    """Return the bytes of `refs.json`."""
    return msgspec.json.encode(dict(refs), order="sorted") + b"\n"


def read_refs(folder: Path) -> dict[str, RefRecord]:
    """Return every ref of an evidence folder by its full name; raises `RefusedError` where they can't be read."""
    path = folder / REFS
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, RefRecord])
    except FileNotFoundError:
        return {}
    except (msgspec.DecodeError, UnicodeError) as fault:
        raise RefusedError("evidence", str(fault), place=Place(str(path)), fix="build it again") from fault

"""Files that an engine must not be given: YAML that grows without end, nests too deep, or contains itself.

Engines have limits of their own, or none: a kilobyte of aliases kept one busy until its time was over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.documents.formats import parse

if TYPE_CHECKING:
    from generator.errors import Unreadable

_HAZARDS = frozenset({"yaml-alias", "yaml-depth", "yaml-size"})
_ENDINGS = (".yaml", ".yml", ".json")


def hazard(data: bytes, path: str) -> Unreadable | None:
    """Return why no engine is given this file; `None` where it is harmless, which is not to say that it is sound."""
    if not path.endswith(_ENDINGS):
        return None
    problem = parse(data, path).problem
    return problem if problem is not None and problem.code in _HAZARDS else None

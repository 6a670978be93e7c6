"""Differences that a model declares as an environment's own."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def expected_reason(path: tuple[str, str, str], expected: Mapping[str, str]) -> str:
    """Return why the model says that production alone should have this difference; empty where it does not.

    A pattern is a component, or a component and a field, with `*` for any text: `waf`, `checkout settings.LIMIT`.
    """
    for pattern in sorted(expected):
        component, _, field = pattern.partition(" ")
        if fnmatch.fnmatchcase(path[0], component) and fnmatch.fnmatchcase(path[2], field or "*"):
            return expected[pattern]
    return ""

"""Patterns of paths as git's `:(glob)` reads them: `*` and `?` stay inside of a folder, `**` goes through any."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?|[^*?]+")
_MEANING = {"**/": "(?:[^/]+/)*", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=512)
def compile_glob(pattern: str) -> re.Pattern[str]:
    """Return `pattern` ready to match whole paths from the top of the repository."""
    return re.compile("".join(_MEANING.get(part) or re.escape(part) for part in _PART.findall(pattern)), re.DOTALL)


def matches(patterns: tuple[str, ...], path: str) -> bool:
    """Return whether `path` fits one of `patterns`."""
    return any(compile_glob(pattern).fullmatch(path) for pattern in patterns)


def pathspec(pattern: str) -> str:
    """Return the same for git."""
    return f":(top,glob){pattern}"

"""Patterns of paths, as in `.gitignore` and under `provided`: which files are kept out of the repository on purpose."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.readers.kustomize.paths import parents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.readers.reader import Tree

_LONGEST = 1_000
_MOST_LINES = 5_000


def provided_by(patterns: Iterable[str], path: str) -> str:
    """Return the first pattern that `path` fits; empty where none does.

    As in `.gitignore`, a pattern with a `/` before its end starts from the top of the repository. Unlike there, one
    that fits no whole path may fit the end of one, so that a path can be named as a kustomization names it.
    """
    for pattern in patterns:
        if pattern and (_fits(pattern, "", path) or _fits(f"**/{pattern.lstrip('/')}", "", path)):
            return pattern
    return ""


def ignored_by(path: str, tree: Tree) -> str:
    """Return the `.gitignore` of the repository that keeps `path` out of it; empty where none does."""
    folders = parents(path)
    rules = [(folder, *rule) for folder in ["", *folders] for rule in _rules(folder, tree)]
    for candidate, is_folder in [*((folder, True) for folder in folders), (path, False)]:
        verdict = ""
        for folder, pattern, wanted, only_folders in rules:
            if only_folders and not is_folder:
                continue
            if _fits(pattern, folder, candidate):
                verdict = f"{folder}/.gitignore".lstrip("/") if wanted else ""
        if verdict:
            return verdict
    return ""


def _rules(folder: str, tree: Tree) -> list[tuple[str, bool, bool]]:
    """Return the patterns of a folder's `.gitignore`: text, whether it ignores, whether it means folders alone."""
    data = tree.read(f"{folder}/.gitignore".lstrip("/"))
    if not isinstance(data, bytes):
        return []
    found = []
    for line in data.decode("utf-8", "replace").splitlines()[:_MOST_LINES]:
        text = line.rstrip()
        wanted = not text.startswith("!")
        text = text if wanted else text[1:]
        pattern = text.rstrip("/")
        if pattern and not text.startswith("#") and len(pattern) <= _LONGEST:
            found.append((pattern, wanted, text.endswith("/")))
    return found


def _fits(pattern: str, folder: str, path: str) -> bool:
    """Return whether `path` from the top fits `pattern` of a file in `folder`; in time of length by length."""
    if folder:
        if not path.startswith(f"{folder}/"):
            return False
        path = path[len(folder) + 1 :]
    wanted = pattern.lstrip("/").split("/")
    if "/" not in pattern:
        wanted = ["**", *wanted]
    parts = path.split("/")
    # Which beginnings of the path are covered by the pattern so far, by the number of their parts.
    reached = {0}
    for place, part in enumerate(wanted):
        if part == "**":
            least = min(reached, default=len(parts) + 1)
            # At its end a pattern means what lies below a folder, not the folder.
            reached = set(range(least + (place == len(wanted) - 1), len(parts) + 1))
        else:
            tokens = _tokens(part)
            reached = {n + 1 for n in reached if n < len(parts) and _part_fits(tokens, parts[n])}
    return len(parts) in reached


def _part_fits(tokens: tuple[str | _Set, ...], text: str) -> bool:
    """Return whether a part of a path fits; of several stars only the last one is ever tried again."""
    token = place = 0
    star, tried = -1, 0
    while place < len(text):
        wanted = tokens[token] if token < len(tokens) else None
        if wanted == "**":
            star, tried = token, place
            token += 1
        elif wanted is not None and _char_fits(wanted, text[place]):
            token, place = token + 1, place + 1
        elif star >= 0:
            tried += 1
            token, place = star + 1, tried
        else:
            return False
    return all(rest == "**" for rest in tokens[token:])


class _Set(NamedTuple):
    """Characters between brackets."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool


def _char_fits(token: str | _Set, char: str) -> bool:
    if isinstance(token, _Set):
        return any(low <= char <= high for low, high in token.ranges) is not token.negated
    return token in {char, "??"}


@lru_cache(maxsize=4096)
def _tokens(part: str) -> tuple[str | _Set, ...]:
    """Return a part of a pattern in its pieces: a character, `??` for any, `**` for any number, or a set of them."""
    out: list[str | _Set] = []
    place = 0
    while place < len(part):
        char = part[place]
        end = part.find("]", place + 2) if char == "[" else -1
        if char == "*":
            if out[-1:] != ["**"]:
                out.append("**")
        elif char == "?":
            out.append("??")
        elif end > 0:
            out.append(_set(part[place + 1 : end]))
            place = end
        else:
            if char == "\\" and place + 1 < len(part):
                place += 1
            out.append(part[place])
        place += 1
    return tuple(out)


def _set(inside: str) -> _Set:
    negated = inside[:1] in {"!", "^"}
    body = inside[1:] if negated else inside
    ranges = []
    while body:
        if body[1:2] == "-" and len(body) > 2:  # noqa: PLR2004 - a range is three characters
            ranges.append((body[0], body[2]))
            body = body[3:]
        else:
            ranges.append((body[0], body[0]))
            body = body[1:]
    return _Set(tuple(ranges), negated)

"""What tags and ids name: many at a time, by one `git cat-file`, and never a branch or an expression of git's."""

from __future__ import annotations

import re
from threading import Thread
from typing import IO, TYPE_CHECKING, cast

from generator.history.commands import finish
from generator.history.commits import feed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.history.commands import Git

LONGEST_NAME = 250
_HEX = re.compile(r"[0-9a-f]{7,64}")
_NO_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{")
"""What no name of a tag may hold: git would read an expression in it, such as the parent of a tag."""


def commits_named(git: Git, names: Iterable[str]) -> dict[str, str]:
    """Return name → full id of the commit that it names, as a tag or as the beginning of an id; others are left out.

    A tag wins over an id. A tag of a tag is followed to its commit.
    """
    wanted = [n for n in dict.fromkeys(names) if n.isprintable() and len(n) <= LONGEST_NAME and not _NO_NAME.search(n)]
    found = _commits(git, wanted, [f"refs/tags/{name}" for name in wanted])
    ids = [name for name in wanted if name not in found and _HEX.fullmatch(name)]
    objects: dict[str, str] = {}
    for name, (identity, _) in zip(ids, asked(git, ids), strict=True):
        # A branch of that name comes first for git, and hides the object.
        full = identity if identity.startswith(name) else _hidden(git, name)
        if full:
            objects[name] = full
    return found | _commits(git, list(objects), list(objects.values()))


def _commits(git: Git, names: Sequence[str], objects: Sequence[str]) -> dict[str, str]:
    """Return name → commit for those of `names` whose object, at the same place, leads to one."""
    answers = asked(git, [f"{object_}^{{commit}}" for object_ in objects])
    return {name: found for name, (found, kind) in zip(names, answers, strict=True) if kind == "commit"}


def _hidden(git: Git, start: str) -> str:
    """Return the one object whose id begins with `start`; empty where there is none, or several."""
    found = git.output(["rev-parse", f"--disambiguate={start}"]).decode("ascii").split()
    return found[0] if len(found) == 1 else ""


def asked(git: Git, expressions: Sequence[str]) -> list[tuple[str, str]]:
    """Return (id, kind) of the object that each expression names; both empty where it names none."""
    if not expressions:
        return []
    process = git.start(["cat-file", "--batch-check"], feed=True)
    lines = "".join(f"{expression}\n" for expression in expressions).encode()
    feeder = Thread(target=feed, args=(cast("IO[bytes]", process.stdin), lines), daemon=True)
    feeder.start()
    answers = cast("IO[bytes]", process.stdout).read().split(b"\n")[:-1]
    feeder.join()
    finish(process, "git cat-file")
    return [_answer(line) for line in answers]


def _answer(line: bytes) -> tuple[str, str]:
    """Read `ID KIND SIZE`; anything else, such as `EXPRESSION missing`, names nothing."""
    parts = line.decode("utf-8", "replace").split(" ")
    return (parts[0], parts[1]) if len(parts) == 3 and parts[2].isdigit() else ("", "")  # noqa: PLR2004 - as described

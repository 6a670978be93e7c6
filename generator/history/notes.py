"""Git notes: what somebody, often a pipeline, said of a commit after it was made."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from generator.errors import RefusedError
from generator.history.commands import finish

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.history.commands import Git

_OBJECT_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_COMMIT = re.compile(rb"[0-9a-f]{40}|[0-9a-f]{64}")
_FILES = frozenset({b"100644", b"100755"})


class Annotations(NamedTuple):
    """The notes of one ref."""

    blobs: Mapping[str, str]
    """Full id of the commit that a note is on → object id of the note."""
    note: str = ""
    """Why there are none, or some are left out; one sentence, empty where nothing is to be said."""


def annotations_of(git: Git, ref: str) -> Annotations:
    """Return the notes of `ref`, a full name such as `refs/notes/ci`.

    A ref that is not there has none, and says so: a clone does not fetch notes by itself. What is no note, and what is
    noted twice for one commit, is left out and counted.
    """
    tree = _tree(git, ref)
    if not tree:
        return Annotations({}, f"{ref} is not in the repository; a clone gets it by `git fetch origin {ref}:{ref}`")
    process = git.start(["ls-tree", "-r", "-z", "--full-tree", tree])
    entries = cast("IO[bytes]", process.stdout).read().split(b"\0")
    finish(process, "git ls-tree")
    found: dict[str, str] = {}
    strange, doubtful = 0, set[str]()
    for entry in filter(None, entries):
        head, _, path = entry.partition(b"\t")
        mode, _, blob = head.split(b" ")
        # A large tree of notes is spread over folders by the first digits of the ids.
        name = path.replace(b"/", b"")
        if mode not in _FILES or not _COMMIT.fullmatch(name):
            strange += 1
            continue
        commit = name.decode("ascii")
        if found.setdefault(commit, blob.decode("ascii")) != blob.decode("ascii"):
            doubtful.add(commit)
    for commit in doubtful:
        del found[commit]
    left_out = strange + len(doubtful)
    return Annotations(found, f"{ref}: {left_out} entries are no notes, or two on one commit" if left_out else "")


def _tree(git: Git, ref: str) -> str:
    """Return the id of the tree of a ref of notes; empty where there is none."""
    try:
        out = git.output(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{tree}}"])
    except RefusedError as fault:
        if fault.code != "git":
            raise
        return ""
    found = _OBJECT_ID.search(out)
    return found.group().decode("ascii") if found else ""

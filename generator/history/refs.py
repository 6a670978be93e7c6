"""Refs as they stand: every tag with what it leads to, and the full names of branches."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from generator.history.commands import finish
from generator.history.naming import asked

if TYPE_CHECKING:
    from generator.history.commands import Git

HEADS, TAGS, ORIGIN = "refs/heads/", "refs/tags/", "refs/remotes/origin/"


def tag_objects(git: Git) -> dict[str, tuple[str, str]]:
    """Return every tag by its full name: the id of what it names, and of the commit that it leads to.

    The commit is empty for a tag of a file or a tree, or of something that is not there. Nothing but names is read
    before git is asked for the objects, so that one that is missing costs itself alone.
    """
    process = git.start(["for-each-ref", "--format=%(objectname) %(refname)", TAGS])
    # A name may hold what Unicode takes for the end of a line.
    lines = cast("IO[bytes]", process.stdout).read().decode("utf-8", "backslashreplace").split("\n")[:-1]
    finish(process, "git for-each-ref")
    named = [line.split(" ", 1) for line in lines]
    answers = asked(git, [f"{identity}^{{}}" for identity, _ in named])
    return {
        name: (identity, found if kind == "commit" else "")
        for (identity, name), (found, kind) in zip(named, answers, strict=True)
    }


def full_name(git: Git, ref: str) -> str:
    """Return the full name of the branch or tag that `ref` means, as git would find it; empty where it is none.

    A branch of the remote `origin` goes by the name that it has there, so that a clone tells the same as its source.
    `HEAD` is a name of its own: a checkout may have it on a branch or not.
    """
    if ref == "HEAD":
        return ref
    meant = [ref] if ref.startswith("refs/") else [TAGS + ref, HEADS + ref, f"refs/remotes/{ref}", ORIGIN + ref]
    out = git.output(["for-each-ref", "--format=%(refname)", "--", *meant])
    there = set(out.decode("utf-8", "backslashreplace").split("\n"))
    found = next((name for name in meant if name in there), "")
    return HEADS + found.removeprefix(ORIGIN) if found.startswith(ORIGIN) else found


def leads_to(git: Git, head: str, commit: str) -> bool:
    """Return whether `commit` is there and `head` leads to it, by whichever parents; both are full ids."""
    if asked(git, [commit]) == [("", "")]:
        return False
    process = git.start(["rev-list", "--max-count=1", commit, f"^{head}", "--"])
    apart = cast("IO[bytes]", process.stdout).read()
    finish(process, "git rev-list")
    return not apart

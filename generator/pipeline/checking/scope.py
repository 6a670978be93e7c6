"""What is looked at: what holds now, a commit, a range, a change of a branch, or the next release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.errors import RefusedError, UsageError
from generator.history.repository import open_repository
from generator.pipeline.checking.report import Scope

if TYPE_CHECKING:
    from generator.history.repository import Repository
    from generator.pipeline.request import Request

_NOBODY = "0" * 40
"""What pipelines give as the commit before the first one of a new branch."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller wants to have looked at; at most one of the first three, and `head` with `base` alone."""

    commit: str = ""
    range: str = ""
    """`A..B`, or `A...B` for what B has since the two parted."""
    base: str = ""
    """Branch or commit that a change is meant for."""
    head: str = ""
    """Newest commit of the change; empty for HEAD."""
    next: bool = False
    """What waits for production."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A scope, with what has to be known to look at it."""

    scope: Scope
    request: Request
    """The run that reads it."""
    commits: frozenset[str] = frozenset()
    """Full ids of the commits that it is made of."""
    paths: frozenset[str] = frozenset()
    """Paths of the files that it changes."""
    base: str = ""
    """For a change: full id of the commit that it is meant for."""

    @property
    def compares(self) -> bool:
        """Return whether there is something before it that it is compared with."""
        return self.scope.kind not in {"now", "next"}


def sight_of(asked: Asked, request: Request) -> Sight:
    """Return what `asked` means in the repository of `request`.

    Raises `UsageError` for what can't be asked together, or names nothing; `RefusedError` for what can't be opened.
    """
    _refuse_mixtures(asked, request)
    if asked.next:
        return Sight(Scope("next", "next release"), request)
    if not (asked.commit or asked.range or asked.base):
        return Sight(Scope("now", "what holds now"), request)
    repository = open_repository(request.repository, allow_shallow=request.allow_shallow)
    if asked.commit:
        return _commit(repository, asked.commit, request)
    if asked.base:
        base, head = _named(repository, asked.base, "--base"), _named(repository, asked.head or "HEAD", "--head")
        return _change(repository, base, head, f"{asked.base}...{asked.head or 'HEAD'}", request, branch=asked.base)
    return _range(repository, asked.range, request)


def _refuse_mixtures(asked: Asked, request: Request) -> None:
    given = [name for name in ("commit", "range", "base", "next") if getattr(asked, name)]
    if len(given) > 1:
        reason = f"--{given[0]} and --{given[1]} both say what to look at"
        raise UsageError("scope", reason, fix="keep one of them")
    if asked.head and not asked.base:
        raise UsageError("scope", "--head without --base", fix="name what it is compared with by --base")
    if request.ref and given and not asked.next:
        raise UsageError("scope", f"--ref and --{given[0]} both say which commit is read", fix="leave out --ref")


def _named(repository: Repository, name: str, option: str) -> str:
    """Return the full id of the commit that `name` means here or at `origin`."""
    if name == _NOBODY:
        fix = "for a new branch, use --base with the branch it is meant for"
        raise UsageError("scope", f"{option} names no commit: nothing was there before", fix=fix)
    try:
        return repository.resolve_branch(name)
    except RefusedError as fault:
        if fault.code != "ref":
            raise
        fix = "name a branch, tag or commit that is there; in a pipeline, fetch it with its history"
        raise UsageError("scope", f"{option}: {fault.reason}", fix=fix) from fault


def _commit(repository: Repository, name: str, request: Request) -> Sight:
    end = _named(repository, name, "--commit")
    start = repository.first_parent(end)
    scope = Scope("commit", f"commit {end[:12]}", start, end, 1)
    commits = repository.between(start, end)
    return Sight(scope, replace(request, ref=end), commits, repository.changed_paths(start, end))


def _range(repository: Repository, text: str, request: Request) -> Sight:
    first, dots, last = text.partition("...") if "..." in text else text.partition("..")
    if not dots or not (first or last):
        raise UsageError("scope", f"{text!r} is no range", fix="write it as A..B")
    start, end = (_named(repository, name or "HEAD", "--range") for name in (first, last))
    if dots == "..." or not repository.on_chain(start, end):
        if start != end and repository.on_chain(end, start):
            raise UsageError("scope", f"{text!r} runs backwards: {last or 'HEAD'} comes first", fix="swap the two")
        return _change(repository, start, end, text, request)
    commits = repository.between(start, end)
    scope = Scope("range", text, start, end, len(commits))
    return Sight(scope, replace(request, ref=end), commits, repository.changed_paths(start, end))


def _change(repository: Repository, base: str, head: str, words: str, request: Request, *, branch: str = "") -> Sight:
    """Return what `head` has that `base` has not, as the one step that merging it would be.

    `branch` is the name of the base where it is a change that is meant for it; else it is a range.
    """
    parted = repository.merge_base(base, head)
    if not parted:
        fix = "fetch both with their whole history"
        raise UsageError("scope", f"{words}: the two share no commit", fix=fix)
    commits = repository.between(parted, head)
    scope = Scope("change" if branch else "range", words, parted, head, len(commits))
    run = replace(request, ref=head, base=(branch or base) if commits else "")
    return Sight(scope, run, commits, repository.changed_paths(parted, head), base if branch else "")

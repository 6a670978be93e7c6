"""Which results a deployment has: every report is looked up by what its path says, and read once, when asked for."""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING, Literal

import msgspec

from generator.assurance.results.files import Commits, Files, Found, Listing, ResultKeys
from generator.assurance.results.merging import merged
from generator.assurance.results.parsing import parse
from generator.assurance.results.result import Counts, Result, hidden
from generator.errors import Unreadable, escape_control

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.config.results import ResultSource
    from generator.readers.reader import Mask

MOST_FILES = 1_000
"""Files of one result and one deployment that are read."""
MOST_UNBOUND = 100
"""Files without a deployment that are named."""
MOST_KEPT = 200_000
"""Items of all results that are kept; results read after that keep the worst few."""
_FEW = 10
_MOST_SOURCES = 20

BoundOutcome = Literal["passed", "failed", "missing", "unreadable"]
Origin = Literal["path", "folder", "notes"]


class Bound(msgspec.Struct, frozen=True):
    """One result of one deployment."""

    name: str
    outcome: BoundOutcome
    """Never `passed` where anything is in doubt."""
    reason: str = ""
    """Why it is missing or unreadable, or what else is to be said; one sentence, empty where nothing is."""
    counts: Counts = Counts()
    """Of all files together."""
    sources: tuple[str, ...] = ()
    """Where it was found: paths, or `refs/notes/NAME:COMMIT`; the first ones."""
    files: int = 0
    """How many files it was found in."""
    detail: Result | None = None
    """What the files say, together; `None` where none of them could be read."""


class Unbound(msgspec.Struct, frozen=True):
    """Files that look like results and that no deployment answers to."""

    count: int
    paths: tuple[str, ...]
    """The first of them, sorted."""


class ResultsIndex:
    """The results of all deployments. Build it once, then ask for one deployment after another."""

    def __init__(
        self,
        results: Sequence[ResultSource],
        listings: Mapping[str, Listing],
        *,
        environments: Sequence[str] = (),
        commits: Iterable[str] = (),
        mask: Mask = hidden,
    ) -> None:
        """Look at the files of `listings`: `path`, `folder` and, for each ref of notes, the ref.

        `environments` are the names of all environments; `commits` the full ids of all known commits, among which the
        beginning of an id must name one. `mask` replaces secrets that reports quote.
        """
        self._results = tuple(results)
        self._listings = listings
        self._commits = Commits(commits)
        self._mask = mask
        self._files = [Files(source, self._listing(source), environments) for source in self._results]
        self._bound = [set[str]() for _ in self._results]
        self._read: dict[tuple[str, str, str, str], Result | Unreadable] = {}
        self._merged: dict[tuple[int, tuple[str, ...]], Bound] = {}
        self._kept = 0

    def bound(self, keys: ResultKeys) -> tuple[Bound, ...]:
        """Return the results of one deployment, by name; one that is neither there nor expected is left out."""
        found = (
            self._of(place, source, keys)
            for place, source in enumerate(self._results)
            if not source.environments or keys.environment in source.environments
        )
        return tuple(sorted(filter(None, found), key=lambda one: one.name))

    def unbound(self) -> Unbound:
        """Return the files that no deployment asked for so far answered to; ask when all were."""
        shown = set[str]()
        for files, bound, source in zip(self._files, self._bound, self._results, strict=True):
            shown |= {_shown(source, path) for path in files.paths - bound}
        answered = {
            _shown(source, path) for bound, source in zip(self._bound, self._results, strict=True) for path in bound
        }
        return Unbound(len(shown - answered), tuple(nsmallest(MOST_UNBOUND, shown - answered)))

    def notes(self) -> tuple[str, ...]:
        """Return what about the places of results a reader should know, each one sentence."""
        said = (self._listing(source).note for source in self._results)
        return tuple(dict.fromkeys(filter(None, said)))

    def _listing(self, source: ResultSource) -> Listing:
        return self._listings.get(_origin(source), _NOTHING)

    def _of(self, place: int, source: ResultSource, keys: ResultKeys) -> Bound | None:
        found = self._files[place].of(keys)
        if not found:
            if not source.expected:
                return None
            return Bound(source.name, "missing", self._listing(source).note or "it was expected, and is not there")
        paths = tuple(one.path for one in found) if len(found) <= MOST_FILES else (found[0].path, str(len(found)))
        if (place, paths) not in self._merged:
            self._merged[place, paths] = self._together(source, found)
            self._bound[place].update(one.path for one in found)
        return self._merged[place, paths]

    def _together(self, source: ResultSource, found: Sequence[Found]) -> Bound:
        sources = tuple(_shown(source, one.path) for one in found[:_MOST_SOURCES])
        vague = next((one for one in found if self._commits.ambiguous(one.said.get("commit"))), None)
        reason = f"{_shown(source, vague.path)} names the beginning of several commits" if vague else ""
        if len(found) > MOST_FILES:
            reason = f"{len(found)} files, more than the {MOST_FILES} that are read"
        if reason:
            return Bound(source.name, "unreadable", reason, sources=sources, files=len(found))
        told = [(_shown(source, one.path), self._content(source, one)) for one in found]
        outcome, reason, detail = merged(told, source.fails_at)
        counts = detail.counts if detail else Counts()
        return Bound(source.name, outcome, reason, counts, sources, len(found), detail)

    def _content(self, source: ResultSource, found: Found) -> Result | Unreadable:
        """Return what one file says; a content is read once, wherever it stands."""
        key = (_origin(source), found.handle, source.format, source.fails_at)
        if key not in self._read:
            path = _shown(source, found.path)
            data = self._listing(source).read(found.handle, path)
            said = data if isinstance(data, Unreadable) else self._parsed(source, data, path)
            self._read[key] = said
        return self._read[key]

    def _parsed(self, source: ResultSource, data: bytes, path: str) -> Result | Unreadable:
        said = parse(source.format, data, path, fails_at=source.fails_at, mask=self._mask)
        if isinstance(said, Result):
            if self._kept > MOST_KEPT and len(said.items) > _FEW:
                left_out = said.left_out + len(said.items) - _FEW
                said = msgspec.structs.replace(said, items=said.items[:_FEW], left_out=left_out)
            self._kept += len(said.items)
        return said


def _no_content(_: str, path: str) -> bytes | Unreadable:
    raise KeyError(path)


_NOTHING = Listing({}, _no_content)


def _origin(source: ResultSource) -> str:
    """Return the key of the listing that a result is looked for in."""
    return source.notes or ("path" if source.path is not None else "folder")


def _shown(source: ResultSource, path: str) -> str:
    return escape_control(f"{source.notes}:{path}" if source.notes else path)

"""Where imported results come from: the repository's files, a folder that was named, and git notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from generator.assurance.results.files import Listing
from generator.assurance.results.index import ResultsIndex
from generator.assurance.results.result import MAX_BYTES, hidden
from generator.errors import Place, Unreadable
from generator.pipeline.folders import Holding, folder_listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from generator.config.results import ResultSource
    from generator.history.notes import Annotations
    from generator.readers.reader import Mask

RESULTS = Holding("results", MAX_BYTES)
_NO_FOLDER = "no folder of results was named by --results"


class Annotated(Protocol):
    """Gives the notes of a ref; a repository does."""

    def annotations(self, ref: str, /) -> Annotations:
        """Return the notes of `ref`."""
        ...


def results_index(
    results: Sequence[ResultSource],
    tree: Listing,
    repository: Annotated,
    *,
    folder: Path | None = None,
    environments: Sequence[str] = (),
    commits: Iterable[str] = (),
    mask: Mask = hidden,
) -> ResultsIndex:
    """Return the index of all results that the configuration names; nothing is read before it is asked for.

    `tree` holds the files of the newest commit, path → object id, and reads objects, those of notes too; `folder` is
    the one of `--results`; `commits` are the ids of all known commits. Raises `RefusedError` where the folder can't be
    listed.
    """
    listings = {"path": tree}
    if any(source.folder is not None for source in results):
        nothing = Listing({}, _nothing, _NO_FOLDER)
        listings["folder"] = folder_listing(folder, RESULTS) if folder is not None else nothing
    for ref in sorted({source.notes for source in results if source.notes}):
        found = repository.annotations(ref)
        listings[ref] = Listing(found.blobs, tree.read, found.note)
    return ResultsIndex(results, listings, environments=environments, commits=commits, mask=mask)


def _nothing(_: str, path: str) -> bytes | Unreadable:
    return Unreadable("results-unreadable", _NO_FOLDER, Place(path))

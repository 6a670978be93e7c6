"""Where records come from: files of the newest commit, a folder that was named, and git notes; each is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from generator.assurance.results.files import Listing
from generator.config.globs import matches
from generator.config.records import RecordSource
from generator.errors import Place, Unreadable
from generator.events.joining import joined
from generator.events.limits import MAX_BYTES
from generator.events.mapping import SHIPPED, parse_mapping, shipped_mapping
from generator.events.reading import NOTES, parse_records
from generator.pipeline.folders import Holding, folder_listing
from generator.pipeline.masking import masked_problems, prose
from generator.timeline.declared import is_commit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.events.entries import Records
    from generator.events.mapping import Mapping as ExportMapping
    from generator.history.blobs import Blobs
    from generator.pipeline.results import Annotated

FORMATS = (".json", ".jsonl", ".ndjson", ".csv", ".yaml", ".yml")
"""Endings of the files that are meant where a pattern means everything below a folder."""
MOST_FILES = 200_000
"""Files of records that are read."""
FOLDER = Holding("records", MAX_BYTES, told_links=True)
EVERYTHING = RecordSource(folder="**")
"""What of the folder of `--records` is read where the configuration does not say."""
_NAMES = frozenset({"commit", "deployment", "fixed_by", "source_commit"})
"""Attributes that name a commit, in which digits are no secret."""
_Event = TypeVar("_Event", bound=msgspec.Struct)


class ReadRecords(NamedTuple):
    """Everything that was read, without secrets."""

    records: Records
    labels: Mapping[str, str]
    """By the file or note that a record stands in: the place of the configuration by which it was found."""
    problems: tuple[Unreadable, ...]
    """What could not be read."""
    notes: tuple[Unreadable, ...]
    """What is told without being a loss: events that are no records, places of the configuration that hold nothing."""
    remarks: tuple[str, ...]
    """What a reader of the report should know, each one sentence."""


def read_records(
    sources: Sequence[RecordSource],
    files: Mapping[str, str],
    blobs: Blobs,
    repository: Annotated,
    *,
    links: Sequence[str] = (),
    folder: Path | None = None,
    written: str = "",
) -> ReadRecords:
    """Return the records of all `sources`, and of the whole `folder` where none of them says what of it is meant.

    `files` are those of the newest commit, path → object id, and `links` its symbolic links, of which one that is meant
    is told as unreadable; `written` is the file that names the sources, empty where
    nobody wrote them down. Raises `RefusedError` where the folder can't be listed.
    """
    said = list(sources)
    if folder is not None and not any(source.folder for source in said):
        said.append(EVERYTHING)
    reading = _Reading(files, blobs, repository, folder, frozenset({source.mapping for source in said}))
    for source in said:
        reading.take(source, written if source is not EVERYTHING else "")
    reading.tell_links([source.path for source in said if source.path], links)
    return reading.result()


class _Reading:
    """One pass over all sources."""

    def __init__(
        self,
        files: Mapping[str, str],
        blobs: Blobs,
        repository: Annotated,
        folder: Path | None,
        mappings: frozenset[str],
    ) -> None:
        self._tree, self._blobs, self._repository = Listing(files, blobs.get), blobs, repository
        self._folder = folder_listing(folder, FOLDER) if folder is not None else None
        self._mappings: dict[str, ExportMapping | Unreadable] = {}
        self._no_records = mappings
        self._read: list[Records] = []
        self._labels: dict[str, str] = {}
        self._problems: list[Unreadable] = []
        self._notes: list[Unreadable] = []
        self._remarks: dict[str, None] = {}

    def take(self, source: RecordSource, written: str) -> None:
        """Read everything that `source` means and nobody meant before; `written` is the file that names it."""
        mapping = self._mapping(source.mapping) if source.mapping else None
        listing, label, paths = self._place(source)
        if isinstance(mapping, Unreadable):
            self._problems.append(mapping)
            return
        if not paths and written and (not source.folder or self._folder is not None):
            self._notes.append(_unmatched(source, written))
        if listing is self._tree:
            self._blobs.fetch(listing.files[path] for path in paths)
        for path in paths:
            shown = f"{source.notes}:{path}" if source.notes else path
            if shown in self._labels:
                continue
            if len(self._labels) >= MOST_FILES:
                reason = f"more than {MOST_FILES} files of records"
                self._problems.append(Unreadable("records-count", reason, Place(shown), "put many records into a file"))
                break
            self._labels[shown] = label
            content = listing.read(listing.files[path], shown)
            if isinstance(content, Unreadable):
                self._problems.append(content)
                continue
            records, problems = parse_records(
                content, shown, source.format, mapping, note_of=path if source.notes else ""
            )
            self._read.append(records)
            self._problems += [problem for problem in problems if problem.code not in NOTES]
            self._notes += [problem for problem in problems if problem.code in NOTES]

    def tell_links(self, patterns: Sequence[str], links: Sequence[str]) -> None:
        """Keep that links of the repository which `patterns` mean are not followed."""
        for path in _meant(patterns, links):
            reason, fix = "is a symbolic link, which is never followed", "put a file there"
            self._problems.append(Unreadable("records-link", reason, Place(path), fix))

    def _place(self, source: RecordSource) -> tuple[Listing, str, list[str]]:
        """Return the files of a source: where they are listed, what the place is called, and their paths."""
        if source.notes:
            annotations = self._repository.annotations(source.notes)
            if annotations.note:
                self._remarks[annotations.note] = None
            listing = Listing(annotations.blobs, self._blobs.get)
            return listing, source.notes, sorted(listing.files)
        if source.path:
            return self._tree, source.path, list(self._fitting(source.path, self._tree))
        label = f"--records: {source.folder}"
        if self._folder is None:
            self._remarks["No folder of records was named by --records."] = None
            return Listing({}, self._blobs.get), label, []
        return self._folder, label, list(self._fitting(source.folder, self._folder))

    def _fitting(self, pattern: str, listing: Listing) -> Iterator[str]:
        """Yield the paths that a pattern means; one for everything below a folder means files of known formats."""
        passed_over = self._no_records if listing is self._tree else frozenset()
        return (path for path in _meant((pattern,), listing.files) if path not in passed_over)

    def _mapping(self, path: str) -> ExportMapping | Unreadable:
        """Return the mapping of a file of the repository, or that of the package which is called so."""
        if path not in self._mappings:
            blob = self._tree.files.get(path)
            if blob is None:
                fix = f"name a file of the newest commit by `mapping`, or one of {', '.join(SHIPPED)}"
                missing = Unreadable("record-mapping", "there is no such file", Place(path), fix)
                self._mappings[path] = shipped_mapping(path) or missing
            else:
                content = self._blobs.get(blob, path)
                self._mappings[path] = content if isinstance(content, Unreadable) else parse_mapping(content, path)
        return self._mappings[path]

    def result(self) -> ReadRecords:
        """Return what was read so far."""
        return ReadRecords(
            masked_records(joined(self._read)),
            self._labels,
            tuple(masked_problems(self._problems)),
            tuple(masked_problems(self._notes)),
            tuple(self._remarks),
        )


def _meant(patterns: Sequence[str], paths: Iterable[str]) -> Iterator[str]:
    """Yield the paths that one of `patterns` means, sorted; everything below a folder means files of known formats."""
    for path in sorted(paths):
        known = path.lower().endswith(FORMATS)
        if any((known or not pattern.endswith("**")) and matches((pattern,), path) for pattern in patterns):
            yield path


def masked_records(records: Records) -> Records:
    """Return records whose texts hold no secrets."""
    return msgspec.structs.replace(
        records, **{name: tuple([_masked(one) for one in getattr(records, name)]) for name in records.__struct_fields__}
    )


def _masked(event: _Event) -> _Event:
    changed = {}
    for name in event.__struct_fields__:
        said = getattr(event, name)
        if isinstance(said, str) and said and not (name in _NAMES and is_commit(said)):
            shown = prose(said)
            if shown != said:
                changed[name] = shown
    return msgspec.structs.replace(event, **changed) if changed else event


def _unmatched(source: RecordSource, written: str) -> Unreadable:
    if source.notes:
        reason, fix = f"`{source.notes}` under `records` holds no notes", "fetch the ref: a clone does not by itself"
    else:
        where = "at the newest commit" if source.path else "in the folder of --records"
        reason = f"`{source.path or source.folder}` under `records` fits no file {where}"
        fix = "check the pattern: `**` is any folders"
    return Unreadable("pattern-unmatched", reason, Place(written), fix)

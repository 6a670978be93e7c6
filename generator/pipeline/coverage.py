"""What was read, in counts and sentences: the part of the summary that says how far a report can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.evidence.summary import Coverage

if TYPE_CHECKING:
    from generator.config.schema import Config
    from generator.history.repository import Repository
    from generator.pipeline.layout import Layout
    from generator.pipeline.tracks import Histories


class Seen(NamedTuple):
    """What was counted on the way."""

    touching: int
    """Commits that changed a path of the model."""
    blobs: int
    """Distinct contents."""
    skewed: int
    """Commits dated before one that they follow."""
    undated: int
    """Commits without a date that a calendar knows."""
    notes: tuple[str, ...] = ()
    """What else a reader of the report should know, each one sentence."""


def coverage(
    repository: Repository, histories: Histories, layout: Layout, seen: Seen, engines: tuple[str, ...]
) -> Coverage:
    """Return what was read of `repository`."""
    length = sum(history.track.length for history in histories.all if history.environments)
    notes = [*repository.notes(), *(history.note for history in histories.all if history.note), *seen.notes]
    if seen.skewed:
        notes.append(f"{seen.skewed} commits are dated before a commit they follow; order is by ancestry.")
    if seen.undated:
        notes.append(f"{seen.undated} commits carry no date that a calendar knows; they are kept without one.")
    limited = []
    cut = [history.track.length for history in histories.all if history.cut]
    if cut:
        most = " and ".join(str(count) for count in dict.fromkeys(cut))
        limited.append(f"Only the newest {most} commits were read (--limit), so counts begin in the middle.")
    if repository.shallow:
        limited.append("The clone is shallow: older history is cut off, so counts begin in the middle.")
    return Coverage(
        commits=length,
        touching=seen.touching,
        elsewhere=max(0, length - seen.touching),
        blobs=seen.blobs,
        readers=tuple(sorted({name for history in histories.all for name in history.bindings.readers})),
        layout=layout.reasons,
        detected=not layout.source,
        limited=" ".join(limited),
        notes=tuple(notes),
        engines=engines,
    )


def read_from(config: Config, ref: str) -> str:
    """Return the histories that were read, in the words of the configuration; `ref` is the run's own."""
    told = []
    for environment in config.environments.values():
        own = environment.ref or ref
        told.append(f"tags {environment.tags}" if environment.tags else own)
        told += [f"what {environment.pin} pins"] if environment.pin else []
    return ", ".join(dict.fromkeys(told))

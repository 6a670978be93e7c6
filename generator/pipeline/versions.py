"""One environment version, or the difference of two, from evidence that is there or is gathered for it."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.evidence.reading import Evidence
from generator.pipeline.gathering import gather

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.evidence.summary import UnreadableRecord
    from generator.pipeline.request import Progress, Request


@contextmanager
def evidence_of(request: Request, folder: Path | None, progress: Progress) -> Iterator[Evidence]:
    """Give the evidence in `folder`, a site or an evidence folder; without one, that of the repository of `request`.

    What is gathered is gone again at the end of the block. Raises `RefusedError` where `folder` holds no evidence, and
    what `gather` raises.
    """
    if folder is not None:
        inside = folder / "evidence"
        yield Evidence(inside if inside.is_dir() else folder)
        return
    with tempfile.TemporaryDirectory(prefix="assay-") as temporary:
        gather(request, Path(temporary) / "evidence", progress)
        yield Evidence(Path(temporary) / "evidence")


def lost_in(evidence: Evidence, versions: Sequence[tuple[str, str]]) -> list[UnreadableRecord]:
    """Return what could not be read of each environment up to its time, RFC 3339 in UTC; at any time where it is empty.

    What was mended meanwhile is among it: that is not known of a single file.
    """
    return [
        lost
        for lost in evidence.summary.unreadable
        if lost.level == "unreadable"
        and any(lost.environment == name and (not at or lost.at <= at) for name, at in versions)
    ]

"""Several reports of one result taken together: all are counted, and the worst decides."""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING, Literal

from generator.assurance.results.result import MOST_ITEMS, Counts, Result, judged, ordered
from generator.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config.results import FailsAt


def merged(
    told: Sequence[tuple[str, Result | Unreadable]], fails_at: FailsAt
) -> tuple[Literal["passed", "failed", "missing", "unreadable"], str, Result | None]:
    """Return outcome, reason and everything together of what the files, named by their paths, say.

    A failure is certain whatever else can't be read; else one that can't be read leaves all in doubt. A report in which
    no test ran adds nothing to others in which some did, and the reason tells of it.
    """
    read = [said for _, said in told if isinstance(said, Result)]
    unread = [(path, said) for path, said in told if isinstance(said, Unreadable)]
    detail = _joined(read, fails_at) if read else None
    if detail and detail.outcome == "failed":
        return "failed", _counted(len(unread), len(told), "could not be read"), detail
    if unread or detail is None:
        path, fault = unread[0]
        reason = fault.reason if len(told) == 1 else f"{path}: {fault.reason}"
        return "unreadable", reason, detail
    idle = sum(said.outcome == "missing" for said in read)
    if detail.outcome == "passed":
        return "passed", _counted(idle, len(told), "ran no test"), detail
    return detail.outcome, detail.reason, detail


def _joined(read: Sequence[Result], fails_at: FailsAt) -> Result:
    if len(read) == 1:
        return read[0]
    counts = Counts()
    for said in read:
        counts += said.counts
    items = nsmallest(MOST_ITEMS, (item for said in read for item in said.items), key=ordered)
    clean = any(said.outcome == "passed" for said in read)
    outcome, reason = judged(counts, fails_at, clean=clean)
    return Result(
        format=", ".join(sorted({said.format for said in read})),
        outcome=outcome,
        counts=counts,
        items=tuple(items),
        left_out=sum(said.left_out + len(said.items) for said in read) - len(items),
        tool=", ".join(sorted({said.tool for said in read if said.tool})[:5]),
        reason=reason,
    )


def _counted(some: int, total: int, what: str) -> str:
    return f"{some} of {total} files {what}" if some else ""

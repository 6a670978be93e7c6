"""Partial rollbacks: some components of a deployment went back, and others of it stayed or went elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from generator.model.component import Aspect
from generator.timeline.declared import deployment_id
from generator.timeline.kinds import Kind
from generator.timeline.verdicts import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.timeline.changes import Change
    from generator.timeline.kinds import Stamp
    from generator.timeline.verdicts import Verdict

Part = tuple[str, str]
"""A component and the field of its artifact; an empty field stands for its settings as a whole."""
Still = Callable[[Part, int], bool | None]
"""Whether a part stands on a version that first came with a deployment, by its number, or later; `None`: it is gone."""
_STATE = ("",)
_SEVERAL = 2
_FEW = 3
_ELSEWHERE = frozenset({Kind.FORWARD, Kind.INITIAL, Kind.REDO})


class Breadth:
    """What each deployment of one environment brought, where that was more than one component."""

    def __init__(self, environment: str, still: Still) -> None:
        """Ask `still` where the components of `environment` stand."""
        self._environment, self._still = environment, still
        self._parts: dict[int, tuple[Part, ...]] = {}

    def take(self, stamp: Stamp, changes: Sequence[Change]) -> None:
        """Take in what a deployment changed; most change one field, and then there is nothing to keep."""
        if len(changes) > 1 and (parts := _parts(changes)):
            self._parts[stamp.sequence] = parts

    def judge(self, verdict: Verdict, changes: Sequence[Change]) -> Verdict:
        """Return a rollback's verdict with `partial` and its reason; any other as it is."""
        if verdict.kind is not Kind.ROLLBACK:
            return verdict
        back = [c for c in changes if c.kind is Kind.ROLLBACK and c.culprit is not None]
        artifacts = [c for c in back if c.aspect is Aspect.ARTIFACT]
        culprits = sorted({c.culprit.sequence for c in artifacts or back if c.culprit is not None})
        parts = {(part, sequence) for sequence in culprits for part in self._parts.get(sequence, ())}
        standing = {(part[0], self._still(part, sequence)) for part, sequence in parts}
        every = {subject for subject, _ in standing}
        absent = sorted({subject for subject, still in standing if still is None})
        stayed = sorted({subject for subject, still in standing if still})
        returned = {c.subject for c in back}
        gone = {c.subject for c in changes if c.whole and c.new is None}
        moved = [c for c in changes if (c.aspect is Aspect.ARTIFACT if artifacts else _moves(c))]
        others = sorted({c.subject for c in moved if c.kind in _ELSEWHERE} - returned - gone)
        reasons = []
        if stayed:
            names = f"{len(culprits)} deployments"
            if len(culprits) <= _FEW:
                names = " and ".join(deployment_id(self._environment, sequence) for sequence in culprits)
            back_again = len(every) - len(stayed) - len(absent)
            removed = f", and {named(absent)} {'is' if len(absent) == 1 else 'are'} gone" if absent else ""
            reasons.append(
                f"Partial: of the {len(every)} components that {names} changed, {back_again} went back; "
                f"{named(stayed)} stayed{removed}."
            )
        if others:
            total = len(returned | set(others))
            reasons.append(f"Partial: of {total} components that moved, {named(others)} went elsewhere, not back.")
        if not reasons:
            return verdict
        return msgspec.structs.replace(verdict, partial=True, reasons=(*verdict.reasons, *reasons))


def _parts(changes: Iterable[Change]) -> tuple[Part, ...]:
    """Return the components that a deployment moved to something, each by its artifacts or else as a whole."""
    found: dict[str, list[str]] = {}
    gone = set()
    # Every deployment comes through here, so the aspect is asked first: it tells most changes apart.
    for change in changes:
        aspect = change.aspect
        if aspect is Aspect.ARTIFACT:
            fields = found.setdefault(change.subject, [])
            if change.new:
                fields.append(change.field)
        elif aspect is Aspect.TOPOLOGY and change.whole and change.new is None:
            gone.add(change.subject)
        elif aspect is not Aspect.SCALE and not (aspect is Aspect.TOPOLOGY and change.edge):
            found.setdefault(change.subject, [])
    if len(found) < _SEVERAL:
        return ()
    return tuple(sorted([(s, field) for s, fields in found.items() if s not in gone for field in fields or _STATE]))


def _moves(change: Change) -> bool:
    """Return whether a change moves a version: not capacity, not a link, not the coming or going of a component."""
    return change.aspect is not Aspect.SCALE and not change.edge and not change.whole

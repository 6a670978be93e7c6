"""Deployments that mend an earlier one with a version never had before, as values and messages tell.

A message that speaks of a revert proves nothing by itself, so two things have to agree: git's own words for a revert
and the history of the environment, or the message's words and what changed.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from generator.model.component import Aspect
from generator.timeline.declared import deployment_id
from generator.timeline.kinds import Kind
from generator.timeline.verdicts import INFERRED, OBSERVED, says_revert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.history.commits import Commit
    from generator.timeline.changes import Change
    from generator.timeline.declared import Known
    from generator.timeline.kinds import Stamp
    from generator.timeline.verdicts import Verdict

KEPT = 32
"""Deployments back that a message is compared with."""
_QUOTED = re.compile(r"[\"“'`](.+)[\"”'`]")
_NUMBER = re.compile(r"\s*\(#\d+\)$")
"""Number of a merged request, which forges put behind a subject."""
_AGAIN = re.compile(r"\s*(revert|reapply)\b", re.IGNORECASE)
_REMEDIES = frozenset({Kind.ROLLBACK, Kind.ROLL_FORWARD})


class _Past(NamedTuple):
    """One of the last deployments that changed something."""

    stamp: Stamp
    subject: str
    changes: tuple[Change, ...]


class Remedies:
    """Follows the deployments of one environment, and tells which of them mend an earlier one."""

    def __init__(self, known: Known) -> None:
        """Look earlier deployments up in `known`."""
        self._known = known
        self._recent: deque[_Past] = deque(maxlen=KEPT)
        self._remedies: set[int] = set()

    def judge(self, verdict: Verdict, changes: Sequence[Change], commit: Commit) -> Verdict:
        """Return `verdict` as a roll-forward where the deployment is seen to be one; else as it is."""
        if verdict.kind is not Kind.FORWARD or not (commit.reverts or says_revert(commit.subject)):
            return verdict
        versions = [change for change in changes if _brings_version(change)]
        if not versions:
            return verdict
        undone = self._reverted(commit)
        if undone:
            reason = f"It reverts {self._name(undone[-1])} by git's own words, with a version never had here."
            return _mending(verdict, OBSERVED, reason, undone)
        past = self._quoted(commit.subject, versions)
        if past is not None:
            named = self._name(past.stamp)
            reason = f"The message takes {named} back by its subject; it changed the same components."
            return _mending(verdict, INFERRED, reason, (past.stamp,))
        past = self._taken_back(changes) if says_revert(commit.subject) else None
        if past is not None:
            reason = (
                f"The message speaks of going back, and each field has the value from before {self._name(past.stamp)}."
            )
            return _mending(verdict, INFERRED, reason, (past.stamp,))
        return verdict

    def take(self, stamp: Stamp, verdict: Verdict, changes: tuple[Change, ...], commit: Commit) -> None:
        """Take in a deployment after it was judged."""
        # A hotfix is a remedy where it mends something; one that is only said to be urgent may fail by itself.
        if verdict.kind in _REMEDIES or (verdict.kind is Kind.HOTFIX and verdict.mends):
            self._remedies.add(stamp.sequence)
        if changes:
            self._recent.append(_Past(stamp, commit.subject, changes))

    def _name(self, stamp: Stamp) -> str:
        return deployment_id(self._known.environment, stamp.sequence)

    def _reverted(self, commit: Commit) -> tuple[Stamp, ...]:
        """Return the deployments that the commit reverts; to revert a remedy is to go on, and mends nothing."""
        found = {stamp.sequence: stamp for name in commit.reverts if (stamp := self._known.find(name)) is not None}
        return tuple(found[sequence] for sequence in sorted(found.keys() - self._remedies))

    def _quoted(self, subject: str, versions: Sequence[Change]) -> _Past | None:
        """Return the newest deployment whose subject is quoted and that changed all of these components."""
        quoted = _QUOTED.search(subject)
        if quoted is None or not says_revert(subject[: quoted.start()]) or _AGAIN.match(quoted[1]):
            return None
        told, components = _NUMBER.sub("", quoted[1]), {change.subject for change in versions}
        for past in reversed(self._recent):
            same = _NUMBER.sub("", past.subject) == told
            if same and components <= {change.subject for change in past.changes}:
                return past
        return None

    def _taken_back(self, changes: Sequence[Change]) -> _Past | None:
        """Return the newest deployment before which every field that changed now had the value that it has now."""
        fields = [change for change in changes if not change.edge]
        for past in reversed(self._recent):
            if past.stamp.sequence in self._remedies:
                continue
            before = {(c.subject, c.aspect, c.field): c.old for c in past.changes}
            paths = [(c.subject, c.aspect, c.field) for c in fields]
            if all(p in before and before[p] == c.new for p, c in zip(paths, fields, strict=True)):
                return past
        return None


def _brings_version(change: Change) -> bool:
    """Return whether a change brings a value that counts as a version: not capacity, and not only a link or an end."""
    if change.kind not in {Kind.FORWARD, Kind.INITIAL} or change.aspect is Aspect.SCALE or change.edge:
        return False
    if change.whole:
        return change.kind is Kind.INITIAL
    return bool(change.new) or change.aspect is not Aspect.ARTIFACT


def _mending(verdict: Verdict, confidence: str, reason: str, mended: tuple[Stamp, ...]) -> Verdict:
    return msgspec.structs.replace(
        verdict,
        kind=Kind.ROLL_FORWARD,
        confidence=confidence,
        reasons=(reason, *verdict.reasons),
        mends=mended,
    )

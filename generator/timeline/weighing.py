"""From what the values say of a deployment to its verdict: with history, message and declarations beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.component import Aspect
from generator.timeline.changes import BYPASS
from generator.timeline.claims import bypassing, heard, promoted
from generator.timeline.declared import Declared, Known
from generator.timeline.kinds import Kind
from generator.timeline.partials import Breadth
from generator.timeline.remedies import Remedies
from generator.timeline.verdicts import verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.history.commits import Commit
    from generator.timeline.changes import Change
    from generator.timeline.kinds import Stamp
    from generator.timeline.partials import Still
    from generator.timeline.verdicts import Claim, Verdict


class Weighing:
    """Weighs the deployments of one environment, one after the other."""

    def __init__(self, environment: str, declared: Declared | None, still: Still, *, production: bool) -> None:
        """Take what people say from `declared`; `still` tells what stands since a deployment, see `Breadth`."""
        self.known = Known(environment)
        """The deployments so far."""
        self._declared = declared if declared is not None else Declared()
        self._production = production
        self._remedies = Remedies(self.known)
        self._breadth = Breadth(environment, still)

    def weigh(
        self,
        changes: tuple[Change, ...],
        commit: Commit,
        stamp: Stamp,
        upstream: Known | None,
        *,
        apart: bool,
        first: bool,
        bulk: int,
    ) -> tuple[tuple[Change, ...], Verdict]:
        """Return the changes, with origins that are declared, and the verdict; the deployment is known from now on.

        `upstream` holds the deployments of the environment before it, `apart` says that its history is another one.
        """
        environment = self.known.environment
        words = self._declared.of(environment, stamp.sequence, commit)
        claims: tuple[Claim, ...] = ()
        if words is not None and words.said.promoted_from and upstream is not None:
            same = "" if apart else commit.id
            changes, claims = promoted(changes, words.said.promoted_from, upstream, same)
        judged = verdict(changes, commit, first=first, bulk=bulk)
        if judged.kind is Kind.FORWARD:
            judged = self._remedies.judge(judged, changes, commit)
        elif judged.kind is Kind.ROLLBACK:
            judged = self._breadth.judge(judged, changes)
        if words is not None or judged.kind is Kind.ROLL_FORWARD:
            bypass = self._production and validated(changes, BYPASS)
            judged = bypassing(judged, words) if bypass else judged
            if words is not None:
                judged = heard(judged, words, self.known, bypass=bypass, production=self._production, claims=claims)
        self._remedies.take(stamp, judged, changes, commit)
        self._breadth.take(stamp, changes)
        self.known.add(stamp, commit.tree)
        return changes, judged


def validated(changes: Sequence[Change], outcome: str) -> bool:
    """Return whether an artifact came with this outcome of looking upstream."""
    return any(c.validation == outcome and c.aspect is Aspect.ARTIFACT for c in changes)

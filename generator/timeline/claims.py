"""What is said of a deployment against what its values say: a declaration wins, and both are kept.

Of several declarations the more exact one counts: an override, then the name of what is rolled back, then a word that
it is a hotfix, then the name of what is mended. What can't be true of the deployment is kept with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.model.component import Aspect
from generator.timeline.changes import BYPASS, PROMOTED, SIMULTANEOUS, Change
from generator.timeline.declared import deployment_id
from generator.timeline.kinds import Kind
from generator.timeline.verdicts import DECLARED, OBSERVED, Claim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.declarations.entries import Incident, Override
    from generator.declarations.trailers import Trailer
    from generator.timeline.declared import Known, Words
    from generator.timeline.kinds import Stamp
    from generator.timeline.verdicts import Verdict

TRAILER = "trailer"
_NEVER_HAD = frozenset({Kind.FORWARD, Kind.ROLL_FORWARD, Kind.HOTFIX})
_OVERRIDING = frozenset(Kind) - {Kind.GAP}


class _Hearing:
    """Weighs what is said of one deployment."""

    def __init__(self, verdict: Verdict, known: Known, *, bypass: bool, production: bool) -> None:
        self.verdict, self.known, self.bypass, self.production = verdict, known, bypass, production
        self.claims: list[Claim] = []
        self.mends: dict[int, Stamp] = {stamp.sequence: stamp for stamp in verdict.mends}
        self.kind: Kind | None = None
        self.why = ""
        self.planned = False

    def override(self, override: Override) -> None:
        kind = Kind(override.kind) if override.kind in _OVERRIDING else None
        if self.kind is not None:
            effect = "Another entry for this deployment, further down, counts."
        elif kind is None:
            effect = f"`{override.kind}` is no kind of deployment, so what the values say stands."
        elif kind is Kind.HOTFIX and not self.production:
            effect = f"A hotfix is a deployment of production, and {self.known.environment} is none."
        else:
            self.kind = kind
            effect = self.why = f"{override.owner} declared it: {override.reason.rstrip('.')}."
        self.claims.append(Claim(f"{override.path}:{override.line}", "override", override.kind, effect))

    def rolled_back(self, trailer: Trailer) -> None:
        for name, stamp in self._named(trailer):
            if not self._moved():
                effect = "Nothing moved, so nothing was rolled back."
            else:
                self.mends[stamp.sequence] = stamp
                effect = f"The trailer {trailer.key} declares a rollback of {self.name(stamp)}."
                if self.kind is None:
                    self.kind, self.why = Kind.ROLLBACK, effect
            self._say(trailer, name, effect)

    def hotfix(self, trailer: Trailer) -> None:
        if trailer.yes is None:
            effect = f"The trailer {trailer.key} says neither yes nor no, so it counts for nothing."
        elif not self.production:
            effect = f"A hotfix is a deployment of production, and {self.known.environment} is none."
        elif not trailer.yes:
            self.planned = True
            effect = f"The trailer {trailer.key} says that it is none."
        elif self._moved():
            effect = f"The trailer {trailer.key} declares a hotfix."
            if self.kind is None:
                self.kind, self.why = Kind.HOTFIX, effect
        else:
            effect = "Nothing moved, so there is nothing that a hotfix could have brought."
        self._say(trailer, trailer.value, effect)

    def fixes(self, trailer: Trailer) -> None:
        for name, stamp in self._named(trailer):
            if self._moved():
                why = f"The trailer {trailer.key} declares that it mends {self.name(stamp)}"
                self._say(trailer, name, self._link(stamp, why))
            else:
                self._say(trailer, name, "Nothing moved, so nothing was mended.")

    def ended(self, incident: Incident) -> None:
        failed = self.known.find(incident.commit)
        if failed is None:
            effect = f"{incident.id} began at `{incident.commit}`, which names no earlier {self._what()}."
        else:
            why = f"It is declared as what ended {incident.id}, which began with {self.name(failed)}"
            effect = self._link(failed, why)
        self.claims.append(Claim(f"{incident.path}:{incident.line}", "fixed_by", incident.id, effect))

    def began(self, incident: Incident) -> None:
        title = f" ({incident.title})" if incident.title else ""
        effect = f"{incident.id}{title} began while it was deployed."
        self.claims.append(Claim(f"{incident.path}:{incident.line}", "incident", incident.id, effect))

    def name(self, stamp: Stamp) -> str:
        return deployment_id(self.known.environment, stamp.sequence)

    def _what(self) -> str:
        return f"deployment of {self.known.environment}"

    def _say(self, trailer: Trailer, value: str, effect: str) -> None:
        self.claims.append(Claim(TRAILER, trailer.key, value, effect))

    def _named(self, trailer: Trailer) -> list[tuple[str, Stamp]]:
        """Return the deployments that a trailer names; a name that is meant for another environment says nothing."""
        found = []
        for name in trailer.names or ("",):
            stamp = self.known.find(name)
            if stamp is not None:
                found.append((name, stamp))
            elif not self.known.elsewhere(name):
                self._say(trailer, name, f"`{name}` names no earlier {self._what()}.")
        return found

    def _moved(self) -> bool:
        # A trailer speaks of its commit, which may do nothing to this environment; an override names the deployment.
        return self.verdict.kind is not Kind.REDEPLOY

    def _link(self, failed: Stamp, why: str) -> str:
        """Take the deployment as mending a failed one, which makes a kind of a version never had; return the effect."""
        self.mends[failed.sequence] = failed
        if self.kind is not None or self.verdict.kind not in _NEVER_HAD:
            return f"{why}."
        if self.bypass and self.production and not self.planned:
            self.kind, self.why = Kind.HOTFIX, f"{why}, and it bypasses its upstream."
        else:
            self.kind, self.why = Kind.ROLL_FORWARD, f"{why}, with a version never had here."
        return self.why

    def outcome(self, incidents: Sequence[Incident]) -> Verdict:
        """Return the verdict after everything was heard."""
        verdict = self.verdict
        observed, confidence, why = None, verdict.confidence, []
        if self.kind is not None:
            observed, confidence = verdict.kind, DECLARED
            agreed = "The values say the same." if observed is self.kind else f"By itself it would be {observed.value}."
            why = [self.why, agreed]
        told = [c.effect for c in self.claims if c.effect != self.why]
        return msgspec.structs.replace(
            verdict,
            kind=self.kind or verdict.kind,
            confidence=confidence,
            reasons=(*why, *verdict.reasons, *dict.fromkeys(told)),
            observed=observed,
            partial=verdict.partial and self.kind in {None, Kind.ROLLBACK},
            declared=(*verdict.declared, *self.claims),
            incidents=tuple(sorted({incident.id for incident in incidents})),
            mends=tuple(self.mends[sequence] for sequence in sorted(self.mends)),
        )


def heard(
    verdict: Verdict, words: Words, known: Known, *, bypass: bool, production: bool, claims: Sequence[Claim] = ()
) -> Verdict:
    """Return `verdict` with everything that `words` say of the deployment.

    `known` holds the deployments before it; `bypass` says that an artifact came that the upstream never had. `claims`
    are those that were heard already.
    """
    hearing = _Hearing(verdict, known, bypass=bypass, production=production)
    hearing.claims.extend(claims)
    # Later entries of files are corrections of earlier ones.
    for override in reversed(words.overrides):
        hearing.override(override)
    for trailer in words.said.rollback_of:
        hearing.rolled_back(trailer)
    for trailer in words.said.hotfix:
        hearing.hotfix(trailer)
    for trailer in words.said.fixes:
        hearing.fixes(trailer)
    for incident in words.ended:
        hearing.ended(incident)
    for incident in words.began:
        hearing.began(incident)
    return hearing.outcome(words.began)


def bypassing(verdict: Verdict, words: Words | None) -> Verdict:
    """Return the verdict of a production deployment that bypasses its upstream: seen to mend a failure, a hotfix."""
    planned = words is not None and any(trailer.yes is False for trailer in words.said.hotfix)
    if verdict.kind is not Kind.ROLL_FORWARD or verdict.confidence != OBSERVED or planned:
        return verdict
    reason = "It bypasses its upstream and mends a failure, which makes it a hotfix."
    return msgspec.structs.replace(verdict, kind=Kind.HOTFIX, reasons=(reason, *verdict.reasons))


def promoted(
    changes: tuple[Change, ...], trailers: Sequence[Trailer], upstream: Known, commit: str
) -> tuple[tuple[Change, ...], tuple[Claim, ...]]:
    """Return the changes with the artifacts that the trailers say were promoted, and what came of each trailer.

    Values that tell their own origin keep it. A name that is no deployment of `upstream` before `commit` confirms
    nothing, and a bypass stays one.
    """
    claims = []
    for trailer in trailers:
        for name in trailer.names or ("",):
            environment, at, deployment = name.rpartition("@")
            stamp = upstream.find(deployment) if not at or environment == upstream.environment else None
            if stamp is None or stamp.commit == commit:
                effect = f"`{name}` names no earlier deployment of {upstream.environment}: nothing is confirmed by it."
                claims.append(Claim(TRAILER, trailer.key, name, effect))
                continue
            taken = sum(_unexplained(change) for change in changes)
            changes = tuple(_from(change, stamp) if _unexplained(change) else change for change in changes)
            source = deployment_id(upstream.environment, stamp.sequence)
            what, whose = (
                ("1 artifact counts", "its value was")
                if taken == 1
                else (f"{taken} artifacts count", "their values were")
            )
            effect = f"{what} as promoted from {source}, as the trailer says; {whose} never there."
            if not taken:
                effect = f"It names {source}; the values tell where each artifact came from without it."
            claims.append(Claim(TRAILER, trailer.key, name, effect))
    return changes, tuple(claims)


def _unexplained(change: Change) -> bool:
    return change.aspect is Aspect.ARTIFACT and change.validation in {BYPASS, SIMULTANEOUS}


def _from(change: Change, stamp: Stamp) -> Change:
    return msgspec.structs.replace(change, origin=stamp, validation=PROMOTED)

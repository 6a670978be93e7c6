"""What kind of deployment a set of changes adds up to, how sure that is, and by which reasons."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from generator.model.component import Aspect
from generator.timeline.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.history.commits import Commit
    from generator.timeline.changes import Change
    from generator.timeline.kinds import Stamp

DECLARED, OBSERVED, INFERRED = "declared", "observed", "inferred"
_REVERT = re.compile(r"\b(revert|roll(?:s|ed|ing)?[- ]?back|back(?:s|ed|ing)? ?out)", re.IGNORECASE)
"""Each of its ways holds `revert` or `back`."""
_ORDER = (Kind.ROLLBACK, Kind.REDO, Kind.FORWARD, Kind.INITIAL, Kind.GAP)
"""Of several kinds in one component or deployment, the first of these is the kind of the whole."""
_ARTIFACT_WORDS = {
    Kind.INITIAL: "came for the first time",
    Kind.FORWARD: "moved to a version never had here",
    Kind.ROLLBACK: "returned to an earlier version",
    Kind.REDO: "went forward again to a version had before",
    Kind.GAP: "went without a successor or came back as it was",
}
_SETTINGS_WORDS = {
    Kind.INITIAL: "came for the first time",
    Kind.FORWARD: "changed to a state never had here",
    Kind.ROLLBACK: "returned to an earlier state",
    Kind.REDO: "went forward again to a state had before",
    Kind.GAP: "went and came back as they were",
}
_NAMED = 3
_SAID = "The commit's message says so."


class Claim(msgspec.Struct, frozen=True):
    """Something that people say of a deployment, and what came of it."""

    source: str
    """`trailer`, or `path:line` of a declaration file."""
    key: str
    """Name of the trailer as written; `override`, `incident` or `fixed_by` for entries of files."""
    value: str
    """What is said: a kind, the name of a deployment, the id of an incident."""
    effect: str
    """One sentence."""


class Verdict(msgspec.Struct, frozen=True):
    """The kind of a deployment, with the reasons that a reader can check."""

    kind: Kind
    confidence: str
    """`declared` where people say so; `observed` from the sequence of values, or from git's own words for a revert;
    `inferred` where components disagree, only settings returned, or a message was needed to tell."""
    reasons: tuple[str, ...]
    bulk: bool
    observed: Kind | None = None
    """What it is without declarations, where one was counted; else `None`."""
    partial: bool = False
    """For a rollback: whether only some components of what it undoes went back, or others went elsewhere."""
    declared: tuple[Claim, ...] = ()
    """Everything that is said of it, whether it counts or not."""
    incidents: tuple[str, ...] = ()
    """Ids of the incidents that began while it was deployed, sorted."""
    mends: tuple[Stamp, ...] = ()
    """Earlier deployments that it is said or seen to undo or mend, beside what the values of a rollback tell."""


def verdict(changes: Sequence[Change], commit: Commit, *, first: bool, bulk: int) -> Verdict:
    """Sum the changes, per component and then over components, to one verdict.

    Where an artifact changed, artifacts decide; else the settings do. `first` says that the environment was not
    there before; `bulk` is the number of components that, moving the same way, make a bulk.
    """
    if not changes:
        reason = "The commit touches the environment's files and leaves its digest."
        return Verdict(Kind.REDEPLOY, OBSERVED, (reason,), bulk=False)
    if len(changes) == 1 and not (changes[0].whole or changes[0].edge):
        return _of_one(changes[0], commit, first=first)
    gone = {c.subject for c in changes if c.whole and c.new is None}
    artifacts = [c for c in changes if c.aspect is Aspect.ARTIFACT and c.subject not in gone]
    kinds = component_kinds(artifacts or [c for c in changes if not c.edge] or changes)
    counts = Counter(kinds.values())
    kind = next(k for k in _ORDER if k in counts)
    if kind is Kind.INITIAL and not first:
        kind = Kind.FORWARD
    reasons = list(_reasons(changes, kinds, artifacts=bool(artifacts)))
    if kind is Kind.ROLLBACK and says_revert(commit.subject):
        reasons.append(_SAID)
    torn = sorted(_torn(artifacts))
    if torn:
        reasons.append(f"Of the artifacts of {named(torn)} some returned and others moved on.")
    sure = len(counts) == 1 and not torn and (bool(artifacts) or kind is not Kind.ROLLBACK)
    many = max(counts.values()) >= bulk and not first
    return Verdict(kind, OBSERVED if sure else INFERRED, tuple(reasons), bulk=many)


def _of_one(change: Change, commit: Commit, *, first: bool) -> Verdict:
    """Sum a single change of a field, which is what most deployments are."""
    artifact = change.aspect is Aspect.ARTIFACT
    kind = Kind.FORWARD if change.kind is Kind.INITIAL and not first else change.kind
    if change.aspect is Aspect.SCALE:
        reasons = [f"Only the capacity of {change.subject} changed."]
    else:
        what, words = ("artifact", _ARTIFACT_WORDS) if artifact else ("settings", _SETTINGS_WORDS)
        reasons = [f"The {what} of {change.subject} {words[change.kind]}."]
    if kind is Kind.ROLLBACK and says_revert(commit.subject):
        reasons.append(_SAID)
    return Verdict(kind, OBSERVED if artifact or kind is not Kind.ROLLBACK else INFERRED, tuple(reasons), bulk=False)


def movers(changes: Sequence[Change], kind: Kind) -> tuple[str, ...]:
    """Return the components that moved as their deployment of `kind` did, sorted; in a forward one also new ones."""
    if len(changes) == 1:
        return (changes[0].subject,)
    gone = {c.subject for c in changes if c.whole and c.new is None}
    artifacts = [c for c in changes if c.aspect is Aspect.ARTIFACT and c.subject not in gone]
    kinds = component_kinds(artifacts or [c for c in changes if not c.edge] or changes)
    same = {kind, Kind.INITIAL} if kind is Kind.FORWARD else {kind}
    return tuple(sorted(subject for subject, own in kinds.items() if own in same))


def says_revert(message: str) -> bool:
    """Return whether the first line of a message speaks of going back; that proves nothing by itself."""
    # Most messages have none of the words, and looking for them is faster than the pattern.
    lower = message.lower()
    return ("revert" in lower or "back" in lower) and _REVERT.search(message) is not None


def component_kinds(changes: Iterable[Change]) -> dict[str, Kind]:
    """Return the kind of each component that changed."""
    found: dict[str, set[Kind]] = {}
    for change in changes:
        found.setdefault(change.subject, set()).add(change.kind)
    return {subject: next(k for k in _ORDER if k in kinds) for subject, kinds in found.items()}


def _torn(artifacts: Iterable[Change]) -> set[str]:
    """Return the components of which one artifact went back while another went on."""
    back, on = set(), set()
    for change in artifacts:
        if change.kind is Kind.ROLLBACK:
            back.add(change.subject)
        elif change.kind in {Kind.FORWARD, Kind.REDO} and change.new:
            on.add(change.subject)
    return back & on


def _reasons(changes: Sequence[Change], kinds: dict[str, Kind], *, artifacts: bool) -> Iterator[str]:
    """Yield what happened, in the order of weight; whole components that came or went are named apart."""
    came = [c.subject for c in changes if c.whole and c.old is None]
    gone = [c.subject for c in changes if c.whole and c.new is None]
    words = _ARTIFACT_WORDS if artifacts else _SETTINGS_WORDS
    rest = {s: k for s, k in kinds.items() if s not in gone and (artifacts or s not in came)}
    scaled = {c.subject for c in changes if c.aspect is Aspect.SCALE}
    scaled -= {c.subject for c in changes if c.aspect is not Aspect.SCALE}
    if scaled and not artifacts:
        rest = {s: k for s, k in rest.items() if s not in scaled}
        yield f"Only the capacity of {named(sorted(scaled))} changed."
    for kind in _ORDER:
        subjects = [s for s, k in rest.items() if k is kind and not (kind is Kind.INITIAL and s in came)]
        if subjects:
            what = "settings" if not artifacts else "artifact" if len(subjects) == 1 else "artifacts"
            yield f"The {what} of {named(subjects)} {words[kind]}."
    if came:
        yield f"{named(came)} {'was' if len(came) == 1 else 'were'} added."
    if gone:
        yield f"{named(gone)} {'was' if len(gone) == 1 else 'were'} removed."


def named(subjects: Sequence[str]) -> str:
    """Return a few names as they are, more of them as a number."""
    if len(subjects) > _NAMED:
        return f"{len(subjects)} components"
    return " and ".join([", ".join(subjects[:-1]), subjects[-1]] if len(subjects) > 1 else subjects)

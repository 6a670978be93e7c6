"""The record of one deployment: a line of `deployments.jsonl`, and the only thing its page is drawn from.

A record is kept short (a typical line stays under 900 bytes, since a history may have 100,000 of them): what is
long (topologies, drift lists, findings) is named by its digest and kept once, see `generator.evidence.packs`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from generator.evidence.results import ResultRecord  # noqa: TC001 - records are decoded by their annotations

FORMAT = "assay-evidence/1"
"""Format and version of every file in the evidence folder."""

Kind = Literal["initial", "forward", "rollback", "redo", "roll-forward", "hotfix", "redeploy", "gap"]
"""Kind of a deployment or of a change, see DEFINITIONS; `gap` is a value that is gone or back unchanged."""

Confidence = Literal["declared", "observed", "inferred"]
Validation = Literal["promoted", "bypass", "simultaneous", "not assessed"]
"""Whether the upstream environment had the value before; `not assessed` where there is no upstream or none yet."""

Aspect = Literal["artifact", "config", "scale", "topology", "exposure", "secret"]
Level = Literal["error", "warning", "note"]
DriftClass = Literal["pending", "ahead", "config", "structure"]


def attribute(kind: str) -> str:
    """Return the name of the attribute that counts deployments of `kind`: `roll_forward` for `roll-forward`."""
    return kind.replace("-", "_")


class CommitRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A commit as far as evidence needs it."""

    id: str
    """Full object id."""
    committed_at: str
    """Committer time, RFC 3339 in UTC; empty when the commit carries no usable time."""
    subject: str
    author: str = ""
    """Author name as configured; never an address."""
    tags: tuple[str, ...] = ()
    """Tags that make it a release, where tags are the environment's history; sorted."""
    deployed: str = ""
    """Full id of the commit whose files are deployed, where a pin names another one; empty where they are its own."""
    committer: str = ""
    """Committer name where it is not the author's; empty where names are left out, as the author is."""


class Origin(msgspec.Struct, frozen=True):
    """The upstream deployment that a changed value came from."""

    commit: str
    at: str
    """Time of that deployment, RFC 3339 in UTC."""
    soak_seconds: int | None
    """Seconds that the value ran upstream before it came here, from commit times: negative on skewed dates, `None`
    where one of the two commits carries no usable time."""
    deployment: str = ""
    """Id of the upstream deployment."""


class ChangeRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change of one field; `None` stands for a value that is absent."""

    component: str
    """Id of the component; `source -> target` for a connection."""
    aspect: Aspect
    field: str
    """Field by its path in the component; `component` for a whole component, `connection` for an edge."""
    old: str | None
    new: str | None
    kind: Kind
    origin: Origin | None
    validation: Validation = "not assessed"
    culprit: str = ""
    """For a rollback: id of the first deployment after the version it returns to."""
    returns_to: str = ""
    """For a rollback or redo: id of the deployment at which the value first appeared."""


class FindingCounts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Findings that hold at a deployment, by level (a level without any is left out), and the digest of their list."""

    object: str
    error: int = 0
    warning: int = 0
    note: int = 0
    waived: int = 0
    """Findings that a waiver lets stand; in none of the levels."""


class DriftCounts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Drift from the upstream that holds at a deployment, by class (without those of 0), and the digest of its list."""

    object: str
    pending: int = 0
    ahead: int = 0
    config: int = 0
    structure: int = 0
    expected: int = 0
    """Differences that the model declares as this environment's own; not in the classes."""
    accepted: int = 0
    """Differences that an acceptance lets stand; not in the classes."""


class GateCounts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Gates by outcome; empty where none is configured."""

    passed: int = 0
    failed: int = 0
    missing: int = 0
    not_assessed: int = 0
    object: str = ""
    """Digest of the gate table, see `generator.evidence.gates`; empty where no gate is configured."""


class ApprovalRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody's yes to a deployment, whether a gate asked for it or not."""

    way: str
    """`trailer`, `merge`, `tag`, `commit` (the last two by a signature) or `file`."""
    source: str
    """Where it stands: `trailer Approved-by`, `merge`, `approvals.yaml:3`."""
    by: str = ""
    """Name of who approved; empty where the report shows no names."""
    gate: str = ""
    """Gate that it is meant for; empty for any."""
    doubt: str = ""
    """Why it is not the yes of somebody else than the author, given before: `by an author`, `afterwards`,
    `by a machine` or `can't be told`; empty where it is."""


class DeclaredRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that somebody said of a deployment, and what came of it."""

    source: str
    """`trailer`, or the declaration file with its line."""
    key: str
    """Trailer or kind of entry, as configured."""
    value: str
    effect: str
    """What it changed in the verdict, or why it changed nothing, as a sentence."""


class DeploymentRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One deployment: a commit at which an environment's digest changed, or (`redeploy`) that left it alone."""

    id: str
    """`ENVIRONMENT-SEQUENCE`, unique in the bundle."""
    environment: str
    sequence: int
    """Number of the deployment in its environment, from 1, oldest first; redeploys count."""
    commit: CommitRecord
    digest: str
    """Environment version: SHA-256 of the canonical topology."""
    previous_digest: str
    """Empty for the first deployment of the environment."""
    kind: Kind
    confidence: Confidence
    reasons: tuple[str, ...]
    """How the verdict was reached, as sentences."""
    changes: tuple[ChangeRecord, ...]
    findings: FindingCounts
    drift: DriftCounts | None
    """`None` where the environment has no upstream, or the upstream does not exist at this commit."""
    gates: GateCounts
    triage: str | None
    """Digest of the triage verdict; `None` where nothing failed."""
    bulk: bool = False
    """True where many components moved the same way at once."""
    bypass: bool = False
    """True where an artifact came here that the upstream never had."""
    unreadable: int = 0
    """How many files of the environment can't be read as they are at this commit, those included that broke before:
    what they give stands as it last was, and the commit alone makes another version."""
    observed: str = ""
    """Kind that the values alone show, where a declaration says another; else empty."""
    partial: bool = False
    """True for a rollback in which only some of what the culprit changed goes back."""
    declared: tuple[DeclaredRecord, ...] = ()
    incidents: tuple[str, ...] = ()
    """Incidents that are linked to the deployment as their cause, sorted."""
    mends: tuple[str, ...] = ()
    """Ids of earlier deployments that it is said or seen to undo or mend, beside the culprits of its changes."""
    results: tuple[ResultRecord, ...] = ()
    """Imported results that are bound to the deployment, or expected and missing, by name."""
    approvals: tuple[ApprovalRecord, ...] = ()
    """Who approved it, of production environments; signatures only where a gate has them looked at."""

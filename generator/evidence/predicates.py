"""in-toto statements as records: the statement, our own predicate of a release, and the two standard ones.

A predicate type is a URI that names a meaning. Ours are URNs, since the project owns no domain to take one from.
"""

from __future__ import annotations

import msgspec

from generator.evidence.records import DriftCounts, FindingCounts, GateCounts  # noqa: TC001 - schemas are made of them

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
RELEASE = "urn:assay:release:v1"
"""Type of our own predicate, `ReleasePredicate`; its schema is `assay schema release-predicate`."""
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
VERIFICATION_SUMMARY = "https://slsa.dev/verification_summary/v1"
VERIFIER = "urn:assay:gates:v1"
"""Who verified: the gates of this tool, as configured."""
CONFIGURATION = "urn:assay:configuration"
"""The policy: the configuration, named by its digest."""
GATES_LEVEL = "ASSAY_GATES"
"""Level that a release reaches whose gates all passed; none of SLSA's own levels is claimed."""
KINDS = {"release": RELEASE, "test-result": TEST_RESULT, "verification-summary": VERIFICATION_SUMMARY}
"""Types of predicates by the name that a person gives them."""


class Descriptor(msgspec.Struct, frozen=True):
    """What something is, by its digest: in-toto's ResourceDescriptor."""

    digest: dict[str, str]
    """Digest by its algorithm: `sha256`, `sha512`, `gitCommit`."""
    name: str


class ReleasedArtifact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One artifact that a release brought, took away or changed."""

    component: str
    field: str
    old: str | None
    """`None` where there was none before."""
    new: str | None
    """`None` where there is none any more."""
    kind: str
    validation: str = ""
    """Whether the upstream environment had it before: `promoted`, `bypass` or `simultaneous`; left out where that
    is not assessed."""
    origin: str = ""
    """Id of the upstream deployment that it came from."""
    soak_seconds: int | None = None
    """Seconds that it ran there before."""


class ResultOutcome(msgspec.Struct, frozen=True):
    """What became of one imported result that is bound to the release, or expected for it."""

    name: str
    outcome: str
    """`passed`, `failed`, `missing` or `unreadable`."""


class ReleasePredicate(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a release was. It leaves people out; the whole record is named by its digest."""

    release: str
    """Id of the deployment in the bundle."""
    environment: str
    sequence: int
    """Number of the deployment in its environment."""
    record: str
    """SHA-256 of its line in `deployments.jsonl`, without the line feed."""
    released_at: str
    """Commit time, RFC 3339 in UTC; empty where the commit carries none that can be used."""
    previous_digest: str
    """Version of the environment before it; empty for its first."""
    kind: str
    confidence: str
    deployed: str = ""
    """Full id of the commit whose files are deployed, where a pin names another one."""
    tags: tuple[str, ...] = ()
    bulk: bool = False
    bypass: bool = False
    partial: bool = False
    unreadable: int = 0
    """Files of the environment that can't be read at its commit."""
    changes: dict[str, int] = {}
    """Number of changes by aspect."""
    artifacts: tuple[ReleasedArtifact, ...] = ()
    left_out: int = 0
    """Artifacts beyond those that are listed."""
    findings: FindingCounts | None = None
    drift: DriftCounts | None = None
    gates: GateCounts | None = None
    """`None` where no gate is configured."""
    results: tuple[ResultOutcome, ...] = ()
    triage: str = ""
    """Digest of the triage verdict; empty where nothing failed."""


class ResultCounts(msgspec.Struct, frozen=True, omit_defaults=True):
    """An imported result in numbers."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    skipped: int = 0


class ResultPredicate(msgspec.Struct, frozen=True, rename="camel"):
    """in-toto's predicate for one imported result; fields named by URNs are ours."""

    result: str
    """`PASSED`, `WARNED` or `FAILED`."""
    configuration: tuple[Descriptor, ...]
    """The commit that the result is bound to, with everything that ran in it."""
    failed_tests: tuple[str, ...]
    warned_tests: tuple[str, ...]
    """The first ones; the counts are of all. Names of tests that passed are not kept."""
    release: str = msgspec.field(name="urn:assay:release")
    name: str = msgspec.field(name="urn:assay:result")
    counts: ResultCounts = msgspec.field(name="urn:assay:counts")


class Identified(msgspec.Struct, frozen=True):
    """Who verified."""

    id: str


class Policy(msgspec.Struct, frozen=True):
    """What it was verified against."""

    uri: str
    digest: dict[str, str]


class GateOutcome(msgspec.Struct, frozen=True):
    """What one gate said."""

    name: str
    condition: str
    outcome: str


class SummaryPredicate(msgspec.Struct, frozen=True, rename="camel"):
    """SLSA's predicate for what the gates of one release said; fields named by URNs are ours."""

    verifier: Identified
    time_verified: str
    resource_uri: str
    policy: Policy
    verification_result: str
    """`PASSED` where every gate passed, else `FAILED`: also where one is missing or not assessed."""
    verified_levels: tuple[str, ...]
    release: str = msgspec.field(name="urn:assay:release")
    gates: tuple[GateOutcome, ...] = msgspec.field(name="urn:assay:gates")


class Statement(msgspec.Struct, frozen=True):
    """in-toto's Statement v1: a predicate about subjects."""

    kind: str = msgspec.field(name="_type")
    subject: tuple[Descriptor, ...]
    predicateType: str  # noqa: N815 - the name that in-toto gives it
    predicate: ReleasePredicate | ResultPredicate | SummaryPredicate

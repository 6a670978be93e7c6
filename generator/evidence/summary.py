"""`summary.json`: what a report says of the whole history, from counts that add up."""

from __future__ import annotations

import msgspec

from generator.evidence.counts import KindCounts, Ratio
from generator.evidence.delivery_records import RecordCount, RecordFinding  # noqa: TC001 - as below
from generator.evidence.metrics import MetricsSummary
from generator.evidence.packs import ExemptRecord, FindingEntry  # noqa: TC001 - records are decoded by their annotations
from generator.evidence.records import CommitRecord  # noqa: TC001 - records are decoded by their annotations

UNSIGNED = "digests only"


class UnreadableRecord(msgspec.Struct, frozen=True):
    """Something that could not be read, and what it cost."""

    code: str
    reason: str
    environment: str
    path: str
    line: int
    commit: str
    """Commit at which it was first met."""
    at: str
    fix: str
    level: str = "unreadable"
    """`unreadable` (the item is lost, exit 3) or `note` (shown only: a template that is not rendered here)."""
    also: tuple[str, ...] = ()
    """For what could not be read: further commits that brought the same, oldest first; 1,000 at most."""


class Cell(msgspec.Struct, frozen=True):
    """What one component is in one environment now: a cell of the matrix."""

    component: str
    role: str
    kind: str
    digest: str
    version: str
    """Its artifact, shortened to what people call the version; empty where it has none."""
    artifact: str
    """Its artifacts in full, joined by a comma."""
    since: str
    """Commit time at which this version came here."""
    deployment: str
    """Id of the deployment that set this version."""
    standing: str
    """Against the upstream: `equal`, `behind`, `ahead`, `differs`, `alone`, or empty for the first environment."""
    team: str = ""
    """Who looks after it at the report time, by a label or by the owners of its file; empty where nobody is named."""


class DriftOverTime(msgspec.Struct, frozen=True, omit_defaults=True):
    """Drift items that stood at the end of a month, by class."""

    month: str
    pending: int
    ahead: int
    config: int
    structure: int
    accepted: int = 0
    """Items that an acceptance lets stand, in no class."""
    oldest_seconds: int = 0
    """Age of the oldest item that counts."""
    median_seconds: int = 0
    """Median age of the items that count."""


class PeriodCounts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Deployments of one period, split by kind, bulk ones beside them. Bypass is counted within both."""

    period: str
    """`2026-08-21T16`, `2026-08-21`, `2026-W34`, `2026-08`, `2026-Q3` or `2026`, in UTC."""
    initial: int = 0
    forward: int = 0
    rollback: int = 0
    redo: int = 0
    roll_forward: int = msgspec.field(default=0, name="roll-forward")
    hotfix: int = 0
    redeploy: int = 0
    gap: int = 0
    bulk: int = 0
    bypass: int = 0


class PeriodSeries(msgspec.Struct, frozen=True):
    """Counts by period; `total` and `periods` cover all of them.

    Of hours and days only the newest are listed (31 and 366 days), and only those with deployments.
    """

    unit: str
    """`hour`, `day`, `week`, `month`, `quarter` or `year`."""
    periods: int
    """How many periods lie between the first and the last deployment or report time, empty ones included."""
    first: str
    last: str
    total: PeriodCounts
    counts: tuple[PeriodCounts, ...]


class Duration(msgspec.Struct, frozen=True):
    """A distribution of durations in seconds; `None` where nothing was measured, with the reason."""

    n: int
    of: int
    """How many there were to measure."""
    median_seconds: int | None
    p90_seconds: int | None
    reason: str = ""


class Measures(msgspec.Struct, frozen=True):
    """Delivery measures of one environment."""

    velocity_to_rollback: Ratio = Ratio(0, 0)
    """Forward deliveries : rollbacks and roll-forwards, without bulk ones."""
    promotion_lead: Duration = Duration(0, 0, None, None)
    """Production time minus the newest upstream deployment of that version before it, per promoted artifact; without
    bulk ones."""
    series: tuple[PeriodSeries, ...] = ()
    promotion_lead_by_month: tuple[tuple[str, int, int, int], ...] = ()
    """(month, n, median seconds, p90 seconds)."""


class YearCounts(msgspec.Struct, frozen=True):
    """Deployments of one year by kind."""

    year: str
    kinds: KindCounts


class DriftRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A drift item that stands now, or that ended."""

    component: str
    aspect: str
    field: str
    drift: str
    upstream: str | None
    value: str | None
    since: str
    since_at: str
    age_seconds: int
    """Report time minus start, or end minus start once it ended."""
    expected: str = ""
    """Why production alone should have it, as declared in the model; empty where nothing declares it."""
    exempt: ExemptRecord | None = None


class SiteDrift(msgspec.Struct, frozen=True):
    """What differs between two production sites of one upstream."""

    reference: str
    """Environment that it is compared with: the first site in the order of the configuration."""
    counts: tuple[tuple[str, int], ...]
    """Items that count, by class."""
    rows: tuple[DriftRow, ...]
    """`upstream` is the value at the reference. Oldest first."""


class LiveDrift(msgspec.Struct, frozen=True):
    """What a snapshot of the running environment has other than the model."""

    source: str
    """File of the snapshot."""
    commit: str
    """Commit that it is compared with."""
    components: int
    """Components that the snapshot holds."""
    rows: tuple[DriftRow, ...]
    """`upstream` is the model's value, `value` the live one; there is no age."""
    not_assessed: tuple[str, ...] = ()
    """What could not be compared, each with its reason."""


class GateTotal(msgspec.Struct, frozen=True):
    """One gate over all deployments of an environment."""

    name: str
    owner: str
    says: str
    """The gate in business words."""
    passed: int = 0
    failed: int = 0
    missing: int = 0
    not_assessed: int = 0


class FindingTotal(msgspec.Struct, frozen=True):
    """One rule over the whole history of an environment: `opened` = `fixed` + standing and waived ones."""

    rule: str
    opened: int
    fixed: int
    standing: int
    waived: int


class EnvironmentSummary(msgspec.Struct, frozen=True):
    """One environment: what it is now, and what its history adds up to."""

    name: str
    upstream: str
    """Name of the upstream environment; empty for the first."""
    production: bool
    present: bool
    """False where the newest commit has nothing of it."""
    digest: str
    since: str
    """Commit time of its newest deployment that changed something; empty where there was none."""
    deployments: int
    """Deployments of all kinds, redeploys included."""
    changes: int
    kinds: KindCounts
    years: tuple[YearCounts, ...]
    bypasses: int
    simultaneous: int
    bulks: int
    components: int
    connections: int
    newest: str
    """Id of its newest deployment; empty where there was none."""
    last_rollback: str
    cells: tuple[Cell, ...]
    drift: tuple[DriftRow, ...]
    """Standing drift from the upstream, oldest first."""
    drift_not_assessed: str
    """Why there is no drift to show; empty where there is a comparison."""
    drift_over_time: tuple[DriftOverTime, ...]
    findings: tuple[FindingEntry, ...]
    """Findings that hold now, worst first."""
    measures: Measures
    unreadable: int
    not_assessed: tuple[str, ...] = ()
    """Checks that could not be made, each with its reason."""
    paths: tuple[str, ...] = ()
    """What of the repository is read for it, as paths and path templates."""
    reader: tuple[str, ...] = ()
    """Readers that read it, sorted."""
    partials: int = 0
    """Rollbacks among `kinds` in which only a part went back."""
    waived: int = 0
    """Standing findings that a waiver lets stand."""
    accepted: int = 0
    """Standing drift that an acceptance lets stand."""
    finding_totals: tuple[FindingTotal, ...] = ()
    gates: tuple[GateTotal, ...] = ()
    triage: tuple[tuple[str, int], ...] = ()
    """Rollbacks and incidents by verdict, the commonest first; an incident whose deployment was rolled back counts
    once, with the rollback, and a failed gate alone is no failure yet."""
    results: tuple[tuple[str, int, int, int, int], ...] = ()
    """(name, passed, failed, missing, unreadable) of each imported result."""
    site: SiteDrift | None = None
    """Drift from the first production site; `None` where this is the first or only one."""
    live: LiveDrift | None = None
    """Drift of what runs from the model; `None` where no snapshot is given."""


class ExemptionRecord(msgspec.Struct, frozen=True):
    """A waiver or an acceptance that was ever declared, and what became of it."""

    kind: str
    """`waiver` or `acceptance`."""
    subject: str
    """What it is meant for: rule, component, field and environment, as written."""
    owner: str
    reason: str
    expires: str
    state: str
    """`in force`, `expired`, `withdrawn`, `unknown rule` or `unused`."""
    matched: int
    """Findings or differences that it ever let stand."""
    standing: int
    """Findings or differences that stand at the report time and that it is meant for, whether it holds or not."""
    source: str
    since: str
    """Commit that brought it."""
    since_at: str
    until: str = ""
    """Commit that took it away; empty where it stands."""


class RuleRecord(msgspec.Struct, frozen=True):
    """A check, as its help page shows it."""

    id: str
    level: str
    title: str
    why: str
    fix: str
    example: str
    source: str = ""
    """Where the rule's definition comes from."""
    family: str = ""
    """What the rule looks after, see `generator.assurance.findings.Family`."""
    setting: str = ""
    """What the configuration made of it: `off`, or another level; empty where nothing."""


class Coverage(msgspec.Struct, frozen=True):
    """What was read, in counts that add up: `commits` = `touching` + `elsewhere`."""

    commits: int
    """Commits of the first-parent chain."""
    touching: int
    """Commits that changed a path of the model."""
    elsewhere: int
    blobs: int
    """Distinct files read."""
    readers: tuple[str, ...]
    layout: tuple[str, ...]
    """How environments were found, as sentences."""
    detected: bool
    limited: str
    """Why the history is not whole (`--limit`, a shallow clone); empty where it is whole."""
    notes: tuple[str, ...] = ()
    """Warnings of the run, such as skewed dates, each one sentence."""
    engines: tuple[str, ...] = ()
    """Programs that rendered models, with their versions, sorted."""


class IgnoreRecord(msgspec.Struct, frozen=True):
    """Fields that the configuration leaves out of every comparison."""

    component: str
    """Pattern of component ids."""
    field: str
    """Pattern of field names; empty for components as a whole."""
    environment: str
    """Pattern of environments."""
    reason: str
    used: bool
    """Whether it took anything away."""


class Summary(msgspec.Struct, frozen=True):
    """The whole report in one record."""

    format: str
    version: str
    """Version of Assay that made it."""
    title: str
    as_of: str
    """Report time, RFC 3339 in UTC: the newest commit's time unless given."""
    commit: CommitRecord
    """The newest commit read."""
    ref: str
    environments: tuple[EnvironmentSummary, ...]
    """In the order of promotion."""
    unreadable: tuple[UnreadableRecord, ...]
    rules: tuple[RuleRecord, ...]
    coverage: Coverage
    config_digest: str
    fingerprint_key: str
    """`own` where a key was given for secret fingerprints, `repository` where it is derived from the first commit."""
    integrity: str = UNSIGNED
    """`digests only`, `signed by SHA256:…` (the fingerprint of an SSH key), or `signed in FILE` where a program of the
    user's signed: as it was when the bundle was written."""
    ignored: tuple[IgnoreRecord, ...] = ()
    """What the configuration leaves out of every comparison."""
    exemptions: tuple[ExemptionRecord, ...] = ()
    """Waivers and acceptances, those first that somebody has to look at."""
    unbound_results: tuple[str, ...] = ()
    """Files of imported results that no deployment answers to, 100 at most."""
    metrics: MetricsSummary = MetricsSummary()
    """How delivery was measured, and what of it is no series; the lines of `metrics.jsonl` are the measures."""
    records: tuple[RecordCount, ...] = ()
    """Records of pipelines and incident tools by kind and place; those of `records.jsonl`, counted."""
    record_findings: tuple[RecordFinding, ...] = ()
    """Records that contradict themselves or each other."""
    history_findings: tuple[RecordFinding, ...] = ()
    """What earlier bundles of the chain hold and git has no more, or has otherwise; from `breaks.jsonl`."""

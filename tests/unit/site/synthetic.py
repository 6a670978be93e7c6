"""Synthetic evidence for tests of the site: a small shop that lives for a while, told as records.

Everything is computed from the number of releases asked for, so two calls write the same bytes. Run as a program to
look at a site: `python tests/unit/site/synthetic.py FOLDER 200`.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from unit.site import judged

from generator.evidence.counts import KindCounts, Ratio
from generator.evidence.facts import facts_of
from generator.evidence.measuring import measured_again
from generator.evidence.metrics import MetricsSummary
from generator.evidence.packs import SNAPSHOT_EVERY, ComponentRecord, DriftEntry, FindingEntry, PackLine, TopologyEntry
from generator.evidence.reading import METRICS, Evidence
from generator.evidence.records import (
    FORMAT,
    ChangeRecord,
    CommitRecord,
    DeploymentRecord,
    DriftCounts,
    FindingCounts,
    GateCounts,
    Origin,
    attribute,
)
from generator.evidence.statements import write_statements
from generator.evidence.summary import (
    Cell,
    Coverage,
    DriftOverTime,
    DriftRow,
    Duration,
    EnvironmentSummary,
    Measures,
    PeriodCounts,
    PeriodSeries,
    RuleRecord,
    Summary,
    UnreadableRecord,
    YearCounts,
)

HOSTILE = "<script>alert(1)</script>"
WAIVED_FROM = 14
"""Number of the deployment from whose successor on a finding is waived."""
START = datetime(2025, 3, 3, 8, 15, tzinfo=UTC)
NAMES = (
    "storefront", "checkout", "cart", "payments", "catalog", "search", "pricing",
    "inventory", "shipping", "accounts", "mailer", "reviews", "recommender", "admin",
)  # fmt: skip
CALLS = (
    ("storefront", "checkout"), ("storefront", "cart"), ("storefront", "catalog"), ("storefront", "search"),
    ("storefront", "accounts"), ("checkout", "payments"), ("checkout", "cart"), ("checkout", "shipping"),
    ("checkout", "pricing"), ("cart", "pricing"), ("cart", "inventory"), ("catalog", "inventory"),
    ("search", "catalog"), ("shipping", "mailer"), ("accounts", "mailer"), ("storefront", "reviews"),
    ("storefront", "recommender"), ("recommender", "catalog"), ("admin", "catalog"), ("admin", "accounts"),
)  # fmt: skip


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def sha(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def encode(value: Any) -> bytes:  # noqa: ANN401 - any record
    return msgspec.json.encode(value, order="sorted")


class Packs:
    """The lists of one kind of one environment, written as differences."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.held: dict[str, Any] = {}
        self.digest = ""
        self.since = 0

    def put(self, entries: dict[str, Any]) -> str:
        digest = hashlib.sha256(encode(entries)).hexdigest()
        if digest == self.digest:
            return digest
        plain = {key: msgspec.to_builtins(value) for key, value in entries.items()}
        whole = not self.digest or self.since >= SNAPSHOT_EVERY
        if whole:
            line = PackLine(digest=digest, set=plain)
        else:
            changed = {k: v for k, v in plain.items() if self.held.get(k) != v}
            gone = tuple(sorted(k for k in self.held if k not in plain))
            line = PackLine(digest=digest, base=self.digest, set=changed, unset=gone)
        self.since = 0 if whole else self.since + 1
        self.held, self.digest = plain, digest
        self.lines.append(encode(line))
        return digest


class Shop:
    """One environment of the shop: versions, settings, and what they add up to."""

    def __init__(self, name: str, upstream: str, *, hostile: bool) -> None:
        self.name, self.upstream = name, upstream
        self.names = (HOSTILE, *NAMES) if hostile else NAMES
        self.versions: dict[str, str] = {}
        self.level: dict[str, str] = {}
        self.records: list[DeploymentRecord] = []
        self.topology, self.findings, self.drift = Packs(), Packs(), Packs()
        self.objects = judged.Objects()
        self.mark = HOSTILE if hostile else ""
        self.standing: dict[str, DriftEntry] = {}
        self.set_at: dict[str, tuple[str, str]] = {}

    def fields(self, name: str) -> tuple[tuple[str, str, str], ...]:
        return (
            ("artifact", "image", f"harbor.example/shop/{name}:{self.versions[name]}"),
            ("config", "env.LOG_LEVEL", self.level.get(name, "info")),
            ("scale", "replicas", "3" if name == "storefront" else "2"),
            ("secret", "env.DB_PASSWORD", "fingerprint:" + sha(name)[:16]),
        )

    def component(self, name: str) -> ComponentRecord:
        fields = self.fields(name)
        return ComponentRecord(sha(name, repr(fields))[:32], name, "component", "Deployment", fields)

    def entries(self, seen: dict[str, ComponentRecord]) -> dict[str, TopologyEntry]:
        found: dict[str, TopologyEntry] = {}
        for name in self.versions:
            record = self.component(name)
            seen[record.digest] = record
            found[f"c {name}"] = TopologyEntry(component=record.digest)
        front = ComponentRecord(sha("Ingress/shop")[:32], "Ingress/shop", "exposure", "Ingress", ())
        seen[front.digest] = front
        found["c Ingress/shop"] = TopologyEntry(component=front.digest)
        found["e Ingress/shop -> storefront 80"] = TopologyEntry(
            source="Ingress/shop", target="storefront", how="exposes", port="80"
        )
        for source, target in CALLS:
            if source in self.versions and target in self.versions:
                found[f"e {source} -> {target} 8080"] = TopologyEntry(
                    source=source, target=target, how="inferred", port="8080"
                )
        return dict(sorted(found.items()))


def finding_entries(shop: Shop, number: int, commit: str, at: str) -> dict[str, FindingEntry]:
    found = {}
    if "mailer" in shop.versions:
        found["no-limits mailer resources"] = FindingEntry(
            "no-limits", "warning", "mailer has no memory limit", "mailer", "resources",
            f"deploy/{shop.name}/mailer.yaml", 31, sha("first"), stamp(START),
        )  # fmt: skip
    if number % 7 in (3, 4):
        found["mutable-tag cart image"] = FindingEntry(
            "mutable-tag", "error", "cart runs a tag that can move: latest", "cart", "image",
            f"deploy/{shop.name}/cart.yaml", 12, commit, at,
        )  # fmt: skip
    if number > WAIVED_FROM:
        found["no-limits admin resources"] = FindingEntry(
            "no-limits", "warning", "admin has no memory limit", "admin", "resources",
            f"deploy/{shop.name}/admin.yaml", 31, sha("first"), stamp(START), f"{shop.name}-1",
            judged.exempt(shop.mark),
        )  # fmt: skip
    return found


def level_counts(entries: dict[str, FindingEntry], name: str) -> FindingCounts:
    levels = Counter("waived" if entry.exempt else entry.level for entry in entries.values())
    return FindingCounts(name, levels["error"], levels["warning"], levels["note"], levels["waived"])


def drift_counts(entries: dict[str, DriftEntry], name: str) -> DriftCounts:
    kinds = Counter(entry.drift for entry in entries.values())
    return DriftCounts(
        object=name,
        pending=kinds["pending"],
        ahead=kinds["ahead"],
        config=kinds["config"],
        structure=kinds["structure"],
    )


def drift_entries(shop: Shop, upstream: Shop, commit: str, at: str) -> dict[str, DriftEntry]:
    now: dict[str, DriftEntry] = {}
    for name in shop.names:
        pairs = [
            ("artifact", "image", upstream.versions.get(name), shop.versions.get(name), "pending"),
            ("config", "env.LOG_LEVEL", upstream.level.get(name, "info"), shop.level.get(name, "info"), "config"),
        ]
        for aspect, field, left, right, kind in pairs:
            if left != right:
                key = f"{name} {aspect} {field}"
                old = shop.standing.get(key)
                now[key] = DriftEntry(
                    name, aspect, field, kind, left, right, old.since if old else commit, old.since_at if old else at
                )
    shop.standing = now
    return dict(sorted(now.items()))


def change_of(name: str, old: str | None, new: str, kind: Any, origin: Origin | None, **more: str) -> ChangeRecord:  # noqa: ANN401 - a literal type
    def image(version: str | None) -> str | None:
        return None if version is None else f"harbor.example/shop/{name}:{version}"

    return ChangeRecord(name, "artifact", "image", image(old), image(new), kind, origin, **more)  # type: ignore[arg-type]  # words of a literal type


class Story:
    """What happens, step by step, in staging and then in production."""

    def __init__(self, *, hostile: bool) -> None:
        self.staging = Shop("staging", "", hostile=hostile)
        self.production = Shop("production", "staging", hostile=hostile)
        self.components: dict[str, ComponentRecord] = {}
        self.lines: list[bytes] = []
        self.now = START
        self.hostile = hostile

    def tell(self, releases: int) -> None:
        self.release(self.staging, [change_of(n, None, "1.0.0", "initial", None) for n in self.staging.names])
        self.release(self.production, [change_of(n, None, "1.0.0", "initial", self.origin()) for n in NAMES])
        for step in range(2, releases + 1):
            self.step(step)

    def origin(self) -> Origin:
        last = self.staging.records[-1]
        soak = int((self.now + self.pause() - datetime.fromisoformat(last.commit.committed_at)).total_seconds())
        return Origin(last.commit.id, last.commit.committed_at, soak, last.id)

    def pause(self) -> timedelta:
        return timedelta(minutes=26 + 97 * (len(self.lines) % 29))

    def step(self, step: int) -> None:
        prod = self.production
        name = prod.names[(step * 5) % len(NAMES)]
        minor = f"1.{step // 14}.{step % 14}"
        if step % 23 == 11:
            self.release(prod, [], kind="redeploy")
        elif step % 17 == 9:
            back = prod.names[((step - 1) * 5) % len(NAMES)]
            first = prod.records[0].id
            old, new = prod.versions[back], "1.0.0"
            more = {"culprit": prod.records[-1].id, "returns_to": first, "validation": "promoted"}
            self.release(prod, [change_of(back, old, new, "rollback", None, **more)], kind="rollback")
        elif step % 13 == 6:
            fix = minor + "-hotfix"
            bypass = change_of(name, prod.versions.get(name), fix, "forward", None, validation="bypass")
            self.release(prod, [bypass], kind="hotfix", bypass=True)
        elif step % 11 == 7:
            level = "debug" if prod.level.get(name, "info") == "info" else "info"
            change = ChangeRecord(name, "config", "env.LOG_LEVEL", prod.level.get(name, "info"), level, "forward", None)
            prod.level[name] = level
            self.release(prod, [change])
        else:
            self.promote(step, minor)

    def promote(self, step: int, minor: str) -> None:
        prod, stage = self.production, self.staging
        chosen = [prod.names[(step * 5 + k) % len(prod.names)] for k in range(1 + step % 3)]
        self.release(stage, [change_of(n, stage.versions.get(n), minor, "forward", None) for n in chosen])
        moved = chosen[: 2 if step % 4 else 1]
        changes = [
            change_of(n, prod.versions.get(n), minor, "forward", self.origin(), validation="promoted") for n in moved
        ]
        self.release(prod, changes)

    def release(self, shop: Shop, changes: list[ChangeRecord], *, kind: Any = None, bypass: bool = False) -> None:  # noqa: ANN401 - a literal type
        self.now += self.pause()
        sequence, at = len(shop.records) + 1, stamp(self.now)
        commit = hashlib.sha1(f"{shop.name}{sequence}".encode(), usedforsecurity=False).hexdigest()
        for change in changes:
            if change.aspect == "artifact" and change.new:
                shop.versions[change.component] = change.new.rsplit(":", 1)[1]
                shop.set_at[change.component] = (at, f"{shop.name}-{sequence}")
        digest = shop.topology.put(shop.entries(self.components))
        finds = finding_entries(shop, sequence, commit, at)
        drifts = drift_entries(shop, self.staging, commit, at) if shop.upstream else None
        subject = f"{shop.name}: {', '.join(c.component for c in changes) or 'touch the overlay'}"
        record = DeploymentRecord(
            id=f"{shop.name}-{sequence}", environment=shop.name, sequence=sequence,
            commit=CommitRecord(commit, at, subject + (HOSTILE if self.hostile else ""),
                                "Mina Roth" if not self.hostile else HOSTILE),
            digest=digest, previous_digest=shop.records[-1].digest if shop.records else "",
            kind=kind or (changes[0].kind if changes else "redeploy"), confidence="observed",
            reasons=("The version differs from the one before.", "No trailer says otherwise."),
            changes=tuple(changes), findings=level_counts(finds, shop.findings.put(finds)),
            drift=None if drifts is None else drift_counts(drifts, shop.drift.put(drifts)),
            bypass=bypass, bulk=len(changes) > 5,
            observed="forward" if kind == "hotfix" else "", partial=kind == "rollback" and sequence % 2 == 0,
            **self.judged(shop, sequence, kind),
        )  # fmt: skip
        if shop.upstream and sequence > 1:
            judged.end(shop.objects, sequence, commit, at, shop.mark)
        shop.records.append(record)
        self.lines.append(encode(record))

    def judged(self, shop: Shop, number: int, kind: str | None) -> dict[str, Any]:
        if not shop.upstream:
            return {"gates": GateCounts(), "triage": None}
        hotfix = kind == "hotfix"
        trigger = "rollback" if kind == "rollback" else f"incident INC-{number}" if hotfix else ""
        mark = shop.mark
        return {
            "gates": judged.gates(shop.objects, number, mark),
            "results": judged.results(shop.objects, number, mark),
            "declared": judged.declared(hotfix, mark),
            "incidents": (f"INC-{number}{mark}",) if hotfix else (),
            "triage": judged.triage(shop.objects, shop.records, trigger, hotfix, mark) if trigger else None,
        }


def tally(records: list[DeploymentRecord]) -> dict[str, int]:
    return {attribute(kind): count for kind, count in Counter(record.kind for record in records).items()}


def kinds_of(records: list[DeploymentRecord]) -> KindCounts:
    return KindCounts(**tally(records))


def series(story: Story, shop: Shop) -> PeriodSeries:
    counts: dict[str, Counter[str]] = {}
    for record in shop.records:
        counts.setdefault(record.commit.committed_at[:7], Counter())[record.kind] += 1
    first, last = START.strftime("%Y-%m"), story.now.strftime("%Y-%m")
    months, year, month = [], START.year, START.month
    while f"{year}-{month:02}" <= last:
        months.append(f"{year}-{month:02}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    rows = tuple(PeriodCounts(m, **counts.get(m, Counter())) for m in months)
    total = PeriodCounts(f"{first}/{last}", **tally(shop.records))
    return PeriodSeries(unit="month", periods=len(rows), first=first, last=last, total=total, counts=rows)


def environment(story: Story, shop: Shop) -> EnvironmentSummary:
    years: dict[str, list[DeploymentRecord]] = {}
    for record in shop.records:
        years.setdefault(record.commit.committed_at[:4], []).append(record)
    newest, upstream = shop.records[-1], story.staging
    cells = tuple(
        Cell(
            component=n, role="component", kind="Deployment", digest=shop.component(n).digest, version=v,
            artifact=f"harbor.example/shop/{n}:{v}", since=shop.set_at[n][0], deployment=shop.set_at[n][1],
            standing="" if not shop.upstream else "equal" if upstream.versions.get(n) == v else
            "ahead" if v.endswith("hotfix") else "behind",
        )
        for n, v in sorted(shop.versions.items())
    )  # fmt: skip
    drift = tuple(
        sorted(
            (
                DriftRow(d.component, d.aspect, d.field, d.drift, d.upstream, d.value, d.since, d.since_at,
                         int((story.now - datetime.fromisoformat(d.since_at)).total_seconds()),
                         exempt=judged.exempt(shop.mark) if place == 0 else None)
                for place, d in enumerate(shop.standing.values())
            ),
            key=lambda row: -row.age_seconds,
        )
    )  # fmt: skip
    finds = finding_entries(shop, newest.sequence, newest.commit.id, newest.commit.committed_at)
    months = series(story, shop)
    over = tuple(DriftOverTime(c.period, k % 5, k % 2, 3, 1) for k, c in enumerate(months.counts))
    leads = tuple((c.period, c.forward, 90000 - 1000 * k, 260000) for k, c in enumerate(months.counts) if c.forward)
    rollbacks = [record.id for record in shop.records if record.kind == "rollback"]
    kinds = kinds_of(shop.records)
    return EnvironmentSummary(
        name=shop.name, upstream=shop.upstream, production=shop.name == "production", present=True,
        digest=newest.digest, since=newest.commit.committed_at, deployments=len(shop.records),
        changes=sum(len(r.changes) for r in shop.records), kinds=kinds,
        years=tuple(YearCounts(y, kinds_of(r)) for y, r in sorted(years.items())),
        bypasses=sum(r.bypass for r in shop.records), simultaneous=0, bulks=1, components=len(shop.versions),
        connections=len(CALLS) + 1, newest=newest.id, last_rollback=rollbacks[-1] if rollbacks else "", cells=cells,
        drift=drift, drift_not_assessed="" if shop.upstream else f"{shop.name} has no upstream",
        drift_over_time=over if shop.upstream else (),
        findings=tuple(finds.values()),
        measures=Measures(
            Ratio(kinds.forward, kinds.rollback),
            Duration(40, 44, 93600, 260000) if shop.upstream else Duration(0, 0, None, None, "no upstream"),
            (months,), leads if shop.upstream else (),
        ),
        unreadable=1 if shop.upstream else 0, not_assessed=("schema: no schemas are installed",),
        **(judged.totals(shop.mark) if shop.upstream else {}),
    )  # fmt: skip


RULES = (
    RuleRecord("mutable-tag", "error", "An image tag that can move", "What ran can't be told later.",
               "Pin a version or a digest.", "image: shop/cart:latest", "", "supply"),
    RuleRecord("no-limits", "warning", "No memory limit", "One component can take the memory of all.",
               "Set resources.limits.memory.", "resources: {}", "Kubernetes documentation", "resilience", "note"),
    RuleRecord("owner-label", "warning", "Owner label", "", "", "", "assay.yaml", "configuration", "off"),
    RuleRecord("rego-deny", "error", "Denied", "", "", "", "policy/deny.rego", "configuration"),
)  # fmt: skip


def summary(story: Story) -> Summary:
    bad = UnreadableRecord(
        code="yaml-syntax", reason="a tab where spaces are expected", environment="production",
        path="deploy/production/admin.yaml", line=4, commit=sha("bad")[:40], at=stamp(START), fix="replace the tab",
    )  # fmt: skip
    count = len(story.lines)
    coverage = Coverage(
        commits=count * 2, touching=count, elsewhere=count, blobs=812, readers=("kubernetes",),
        layout=("staging at deploy/staging", "production at deploy/production"), detected=False, limited="",
        notes=("2 commits have a date earlier than their parent's",),
    )  # fmt: skip
    records = story.production.records
    return Summary(
        format=FORMAT, version="0.1.0", title="Online shop" + (HOSTILE if story.hostile else ""),
        as_of=stamp(story.now + timedelta(hours=5)), commit=records[-1].commit, ref="refs/heads/main",
        environments=(environment(story, story.staging), environment(story, story.production)), unreadable=(bad,),
        rules=RULES, coverage=coverage,
        config_digest=sha("config"), fingerprint_key="repository",
        exemptions=judged.exemptions(HOSTILE if story.hostile else ""),
        metrics=MetricsSummary(observation_seconds=7 * 86_400, small=10),
        unbound_results=(f"reports/9.9.9{HOSTILE if story.hostile else ''}/junit.xml",),
    )  # fmt: skip


def write_evidence(folder: Path, releases: int, *, hostile: bool = False) -> Path:
    """Write evidence of about `releases` production deployments into `folder`; return it."""
    story = Story(hostile=hostile)
    story.tell(releases)
    files = {
        "summary.json": encode(summary(story)),
        "deployments.jsonl": b"".join(line + b"\n" for line in story.lines),
        "objects/components.jsonl": b"".join(encode(r) + b"\n" for _, r in sorted(story.components.items())),
        "manifest.json": b"{}",
    }
    for shop in (story.staging, story.production):
        for kind, objects in shop.objects.lines.items():
            files[f"objects/{kind}/{shop.name}.jsonl"] = b"".join(line + b"\n" for line in objects.values())
        for kind, packs in (("topology", shop.topology), ("findings", shop.findings), ("drift", shop.drift)):
            files[f"objects/{kind}/{shop.name}.jsonl"] = b"".join(line + b"\n" for line in packs.lines)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    evidence = Evidence(folder)
    lines = measured_again(evidence, facts_of(evidence))
    (folder / METRICS).write_bytes(b"".join(encode(line) + b"\n" for line in lines))
    write_statements(evidence)
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("releases", type=int)
    parser.add_argument("--hostile", action="store_true")
    arguments = parser.parse_args()
    write_evidence(arguments.folder, arguments.releases, hostile=arguments.hostile)

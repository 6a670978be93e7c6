"""What an audit must add up to, read from the lines of the evidence alone."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from generator.evidence.reading import Evidence
from generator.site.audit.entries import audit_entries
from generator.site.audit.period_parts import period_parts
from generator.site.audit.periods import joined, months_of, quarters_of
from generator.site.audit.totals import OUTCOMES, totals
from generator.site.audit.views import audit_view
from generator.site.context import Context
from generator.site.diagrams import Diagrams
from generator.site.index import build_index
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path


def context_of(evidence: Path, scratch: Path) -> Context:
    """Return what views of `evidence` are drawn with."""
    bundle = Evidence(evidence)
    components = bundle.components()
    index = build_index(bundle, components, Diagrams(scratch / "diagrams"))
    return Context(bundle, components, index, Calendar(bundle.summary.as_of), {})


def production_lines(context: Context) -> list[dict[str, Any]]:
    """Return every production deployment as it stands in the evidence, without our own records in between."""
    names = {environment.name for environment in context.productions}
    lines = (context.evidence.folder / "deployments.jsonl").read_text("utf-8").splitlines()
    return [line for line in map(json.loads, lines) if line["environment"] in names]


def check_sums(context: Context) -> None:
    """Hold every total of the audit against the evidence, against each other and against the rows that are listed."""
    lines = production_lines(context)
    whole = audit_view(context).totals
    assert whole.changes == len(lines)
    assert dict(whole.kinds) == Counter(line["kind"] for line in lines)
    found = {one.name: one.changes for one in whole.exceptions}
    assert found.get("bypass", 0) == sum(line.get("bypass", False) for line in lines)
    assert found.get("override", 0) == sum(bool(line.get("observed")) for line in lines)
    broke = 0
    for name in {line["environment"] for line in lines}:
        unread = [0, *(line.get("unreadable", 0) for line in lines if line["environment"] == name)]
        broke += sum(after > before for before, after in pairwise(unread))
    assert found.get("unreadable", 0) == broke
    said = Counter[str]()
    for line in lines:
        said.update({name: line["gates"].get(name.replace(" ", "_"), 0) for name in OUTCOMES})
    assert [sum(gate.outcomes[at] for gate in whole.gates) for at in range(4)] == [said[name] for name in OUTCOMES]
    assert sum(one.changes for one in whole.approvals if one.name == "nobody") == sum(
        not line.get("approvals") for line in lines
    )
    _check_periods(context)


def _check_periods(context: Context) -> None:
    months = months_of(context)
    parts = [months, [joined(key, own) for key, own in quarters_of(months).items()] + [m for m in months if not m.key]]
    whole = totals(context.once(audit_entries))
    for periods in parts:
        sums = [period.totals for period in periods]
        for name in ("changes", "excepted", "silent", "ordinary"):
            assert sum(getattr(one, name) for one in sums) == getattr(whole, name)
        for one in (*sums, whole):
            assert one.excepted + one.silent + one.ordinary == one.changes
            assert sum(count for _kind, count in one.kinds) == one.changes
            assert sum(row.changes for row in one.approvals) == one.changes
            assert all(sum(gate.outcomes) + gate.unasked == one.changes for gate in one.gates)
    listed: Counter[str] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    expected: dict[str, int] = {}
    for view in (part.view() for part in period_parts(context)):
        listed[view.key] += len(view.rows)
        named.update((view.key, name) for row in view.rows for name, *_words in row.exceptions)
        expected[view.key] = view.totals.excepted if view.months else view.totals.changes
        counts = {(view.key, one.name): one.changes for one in view.totals.exceptions}
        expected |= {f"{key} {name}": count for (key, name), count in counts.items()}
    assert all(listed[key] == count for key, count in expected.items() if " " not in key)
    assert all(count == expected[f"{key} {name}"] for (key, name), count in named.items())


def rows_of(text: str) -> list[list[str]]:
    """Return the rows of a table."""
    return list(csv.reader(io.StringIO(text, newline="")))

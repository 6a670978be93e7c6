"""What the panel of the topology loads when it is first opened: versions in every environment, and findings.

Two kinds of file under `assets/atlas/`: one for the report with the versions of now, one an environment with its
findings, those that hold and those that held once. The topologies themselves come from the data of the past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.site.names import page_name
from generator.site.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.evidence.packs import FindingEntry
    from generator.evidence.summary import EnvironmentSummary
    from generator.site.context import Context

FOLDER = "assets/atlas"
NOW = f"{FOLDER}/now.js"
MOST_FIXED = 5000
"""Findings of an environment that held once, the newest: some 200 bytes each, and a reader asks for few."""

FindingLine = tuple[str, str, str, str, str, int, int, str]
"""(subject, rule, its anchor, level, message, number of the first deployment that had it, of the first that had it no
more or 0, the owner of the waiver that lets it stand or nothing)."""
Place = tuple[int, str, str, str, str, str]
"""(index of the environment, version, deployment that set it, its page, when, standing beside the upstream)."""


def findings_file(environment: str) -> str:
    """Return where the findings of an environment stand in the site."""
    return f"{FOLDER}/findings-{page_name(environment)}.js"


def write_atlas(context: Context, site: Path) -> None:
    """Write every file of the panel into the built `site`."""
    (site / FOLDER).mkdir(parents=True, exist_ok=True)
    (site / NOW).write_bytes(b"globalThis.assayAtlasNow = " + _literal(now(context)) + b";\n")
    for environment in context.summary.environments:
        name, text = _literal(environment.name), _literal(findings(context, environment))
        path = site / findings_file(environment.name)
        path.write_bytes(b"(globalThis.assayAtlasFindings ??= new Map()).set(" + name + b", " + text + b");\n")


def _literal(value: object) -> bytes:
    """Return `value` as JSON for a script, without the sign that begins markup: its texts are those of a repository."""
    return msgspec.json.encode(value).replace(b"<", b"\\u003c")


def now(context: Context) -> dict[str, object]:
    """Return the environments, and for every part that stands in one: its page and its version in each of them."""
    places: dict[str, list[Place]] = {}
    for index, environment in enumerate(context.summary.environments):
        for cell in environment.cells:
            page, name = context.deployment_link(cell.deployment)
            place = (index, shown(cell.version), name, page, cell.since, cell.standing)
            places.setdefault(cell.component, []).append(place)
    known = sorted(places.keys() | context.component_pages)
    return {
        "environments": [(env.name, env.production) for env in context.summary.environments],
        "parts": [(name, context.component_link(name), places.get(name, [])) for name in known],
    }


def findings(context: Context, environment: EnvironmentSummary) -> dict[str, object]:
    """Return the findings of an environment from its first deployment on, and how many of the oldest are left out."""
    fixed = [(one.finding, _number(one.fixed_by)) for one in context.evidence.fixed(environment.name)]
    kept = fixed[max(0, len(fixed) - MOST_FIXED) :]
    rows = [*((row, 0) for row in environment.findings), *reversed(kept)]
    return {"rows": list(_lines(context, rows)), "left": len(fixed) - len(kept)}


def _lines(context: Context, rows: Sequence[tuple[FindingEntry, int]]) -> Iterator[FindingLine]:
    for row, until in rows:
        owner = row.exempt.owner if row.exempt is not None else ""
        since = _number(row.release)
        anchor = context.rule_anchor(row.rule)
        yield (row.subject, row.rule, anchor, row.level, shown(row.message), since, until, shown(owner))


def _number(deployment: str) -> int:
    """Return the number of a deployment `ENVIRONMENT-NUMBER` in its environment; 0 where it names none."""
    number = deployment.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0

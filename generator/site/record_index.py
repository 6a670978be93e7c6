"""The records of each deployment, looked up once for all of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.evidence.delivery_records import RecordLine
    from generator.evidence.reading import Evidence


def by_deployment(evidence: Evidence) -> Mapping[str, tuple[RecordLine, ...]]:
    """Return the deployment records and incidents of each deployment that has any."""
    found: dict[str, list[RecordLine]] = {}
    for line in evidence.records():
        if line.kind == "deployment" and line.deployment:
            found.setdefault(line.deployment, []).append(line)
        elif line.kind == "incident":
            for name in dict.fromkeys((*line.deployments, *([line.fixed_by] if line.fixed_by else []))):
                found.setdefault(name, []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}

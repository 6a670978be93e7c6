"""Releases with what stood when they were made: gone to one by one, passing by those that nobody asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.reading import DEPLOYMENTS
from generator.evidence.records import DeploymentRecord
from generator.site.release_lists import Lists
from generator.site.walk import Standing, Step, moved

if TYPE_CHECKING:
    from generator.site.context import Context


class Steps:
    """The releases of a report. Holds one topology, one list of findings and one of drift for each environment."""

    def __init__(self, context: Context) -> None:
        """Stand before the first release."""
        self._index = context.index
        evidence, names = context.evidence, [environment.name for environment in context.productions]
        self._path = evidence.folder / DEPLOYMENTS
        self._standings = {name: Standing(evidence.topologies(name), context.components) for name in names}
        self._findings = {name: evidence.findings(name) for name in names}
        self._drifts = {name: evidence.drift(name) for name in names}
        self._decoder = msgspec.json.Decoder(DeploymentRecord)
        self._at = -1
        self._step: tuple[Step, Lists] | None = None

    def at(self, position: int) -> tuple[Step, Lists]:
        """Return the release at `position` of the index with its lists: valid until the next is asked for."""
        if self._step is None or self._at != position:
            self._at, self._step = position, self._taken(position)
        return self._step

    def _taken(self, position: int) -> tuple[Step, Lists]:
        index, places = self._index, self._index.places
        row = index.releases[position]
        with self._path.open("rb") as file:
            file.seek(places.offsets[position])
            record = self._decoder.decode(file.readline())
        before = index.before(position)
        standing, findings = self._standings[row.environment], self._findings[row.environment]
        drifts = self._drifts[row.environment]
        standing.go_to(places.topologies[before] if before is not None else 0)
        findings.go_to(places.findings[before] if before is not None else 0)
        drifts.go_to(places.drifts[before] if before is not None else 0)
        standing.advance(record.digest)
        came, went = moved(findings, record.findings.object)
        drift_came, drift_went = moved(drifts, record.drift.object) if record.drift is not None else ({}, {})
        return Step(record, standing), Lists(findings.entries, came, went, drift_came, drift_went)

"""A report of synthetic evidence, as what is taken away is drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.evidence.reading import Evidence
from generator.site.context import Context
from generator.site.index import build_index
from generator.site.takeaway.on_demand import DrawnOnDemand, Wanted
from generator.site.words import Calendar

if TYPE_CHECKING:
    from pathlib import Path


def context_of(evidence: Path, drawn_in: Path) -> Context:
    """Return the report of the folder `evidence`; diagrams are drawn when they are asked for."""
    bundle, wanted = Evidence(evidence), Wanted(drawn_in)
    components = bundle.components()
    index = build_index(bundle, components, wanted)
    return Context(bundle, components, index, Calendar(bundle.summary.as_of), DrawnOnDemand(wanted))

"""Rule: one name, described twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import Family, Finding, GraphRule, Level, listed
from generator.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.topology import Topology


def check(topology: Topology) -> Iterator[Finding]:
    """Find ids that are given more than once, one finding an id."""
    others: dict[str, set[str]] = {}
    counts: dict[str, str] = {}
    for id_, kept, other in topology.duplicates:
        counts[id_] = kept
        others.setdefault(id_, set()).add(other)
    for id_ in sorted(others):
        kept, elsewhere = counts[id_], sorted(others[id_] - {counts[id_]})
        where = f"in {kept} and again in {listed(elsewhere)}" if elsewhere else f"twice in {kept}"
        yield Finding(
            rule=RULE.id,
            level=RULE.level,
            message=one_line(f"{id_} is described {where}; the one in {kept} is taken here"),
            subject=id_,
            field="",
            path=elsewhere[0] if elsewhere else kept,
            line=0,
        )


RULE = GraphRule(
    id="duplicate-resource",
    level=Level.ERROR,
    family=Family.CONFIGURATION,
    title="The same thing described twice",
    why=(
        "Which of the two wins depends on the order in which they are applied. A correction to the one that loses "
        "has no effect, and nobody is told."
    ),
    fix="Keep one description and remove the other, or give them different names.",
    example="a.yaml: {kind: ConfigMap, metadata: {name: shop}}\nb.yaml: {kind: ConfigMap, metadata: {name: shop}}",
    source="Kubernetes documentation, Object Names and IDs",
    values=frozenset(),
    check=check,
)

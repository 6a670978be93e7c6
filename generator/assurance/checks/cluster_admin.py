"""Rule: all rights over a whole cluster."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.findings import ComponentRule, Family, Level, listed
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_ROLE = "roleRef.name"
_SUBJECT = re.compile(r"(?P<which>subjects\[.*\])\.(?P<key>kind|name)")
_EVERYBODY = frozenset({"system:anonymous", "system:authenticated", "system:unauthenticated", "system:serviceaccounts"})


def check(component: Component) -> Iterator[Finding]:
    """Find bindings of `cluster-admin` for the whole cluster; an error where everybody has it."""
    if component.kind != "ClusterRoleBinding":
        return
    role = next((field.value for field in component.fields if field.name == _ROLE), "")
    subjects: dict[str, dict[str, str]] = {}
    for field in component.fields:
        found = _SUBJECT.fullmatch(field.name)
        if found is not None:
            subjects.setdefault(found["which"], {})[found["key"]] = field.value
    if role != "cluster-admin" or not subjects:
        return
    who = sorted({f"{s.get('kind', 'subject')} {s.get('name', '')}".strip() for s in subjects.values()})
    everybody = any(said.get("name") in _EVERYBODY for said in subjects.values())
    yield RULE.about(
        component,
        f"{component.id} gives all rights over the cluster to {listed(who)}",
        field=_ROLE,
        level=Level.ERROR if everybody else None,
    )


RULE = ComponentRule(
    id="cluster-admin",
    level=Level.WARNING,
    family=Family.CONFIGURATION,
    title="All rights over the cluster",
    why=(
        "A fault in one workload with this right is a fault in all of them: it can read every secret, and change or "
        "delete everything, in every namespace."
    ),
    fix="Bind a role that names what is needed, in the namespaces where it is needed.",
    example=(
        "kind: ClusterRoleBinding\nroleRef: {kind: ClusterRole, name: cluster-admin}\n"
        "subjects: [{kind: ServiceAccount, name: deployer}]"
    ),
    source="Kubernetes documentation, Role Based Access Control Good Practices",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)

"""Rule: a process that is root by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.containers import container_names
from generator.assurance.checks.pods import container_fields, pod_fields
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_COMPOSE = "ComposeService"
_USER = "securityContext.runAsUser"
_ROOT = re.compile(r"(?:0|root)(?::.*)?")


def check(component: Component) -> Iterator[Finding]:
    """Find containers whose user is set to root: for themselves, or by their pod where they say nothing.

    What only runs first often has to be root, to prepare a volume. Where no user is set, the image decides, and that
    can't be seen.
    """
    own = {container: field for container, field in container_fields(component, _USER) if not _runs_first(field.name)}
    for container, field in own.items():
        if _is_root(field.value):
            yield RULE.about(component, f"Container {container} of {component.id} runs as root", field=field.name)
    for field in pod_fields(component, _USER):
        if _is_root(field.value) and not own.keys() >= set(container_names(component)):
            yield RULE.about(component, f"{component.id} runs as root", field=field.name)
    if component.kind == _COMPOSE:
        for field in component.fields:
            if field.name == "user" and _ROOT.fullmatch(field.value.strip()):
                yield RULE.about(component, f"{component.id} runs as root", field=field.name)


def _runs_first(name: str) -> bool:
    return name.startswith("init.")


def _is_root(user: str) -> bool:
    return user.strip() == "0"


RULE = ComponentRule(
    id="runs-as-root",
    level=Level.NOTE,
    family=Family.CONFIGURATION,
    title="Runs as root",
    why=(
        "A process that is root in its container meets fewer walls on its way out, and may write to every file that "
        "is mounted. Here it is asked for in so many words."
    ),
    fix="Name another user, and give it the folders that the software writes to.",
    example="securityContext: {runAsUser: 0}",
    source="Kubernetes documentation, Pod Security Standards, restricted: running as non-root user",
    values=frozenset({Aspect.CONFIG}),
    check=check,
)

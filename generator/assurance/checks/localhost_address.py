"""Rule: a setting that looks for a data store where none is."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.assurance.checks.containers import container_names
from generator.assurance.checks.data_stores import data_store
from generator.assurance.checks.pods import is_true, is_workload, pod_fields
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_COMPOSE = "ComposeService"
_STORES = MappingProxyType(
    {
        "1433": "SQL Server",
        "3306": "MySQL",
        "5432": "PostgreSQL",
        "5672": "RabbitMQ",
        "6379": "Redis",
        "9042": "Cassandra",
        "9092": "Kafka",
        "9200": "Elasticsearch",
        "11211": "memcached",
        "27017": "MongoDB",
    }
)
_HERE = re.compile(r"(?<![\w.-])(?:localhost|127\.0\.0\.1):(?P<port>[0-9]{2,5})(?![\w.])")
_ENV = re.compile(r"(?:[^.]+\.)?env\.[^.]+")


def check(component: Component) -> Iterator[Finding]:
    """Find settings of a container that runs alone which look for a data store on the container itself.

    Where another container runs beside it, a proxy may listen there; so it may on the host's own network, and where
    the container declares the port or is such a store itself.
    """
    if not _runs_alone(component) or data_store(component):
        return
    declared = {port.number for port in component.ports}
    for field in component.fields:
        if field.aspect is not Aspect.CONFIG or not _ENV.fullmatch(field.name):
            continue
        for found in _HERE.finditer(field.value):
            port, where = found["port"], found.group()
            if port in _STORES and port not in declared:
                told = f"{component.id} looks for {_STORES[port]} at {where} (`{field.name}`), where it is alone"
                yield RULE.about(component, told, field=field.name)
                break


def _runs_alone(component: Component) -> bool:
    if component.kind == _COMPOSE:
        return not any(field.name == "network_mode" for field in component.fields)
    if not is_workload(component) or any(is_true(field.value) for field in pod_fields(component, "hostNetwork")):
        return False
    beside = any(field.name.startswith("init.") and field.name.endswith(".image") for field in component.fields)
    return len(container_names(component)) == 1 and not beside


def _runs_containers(component: Component) -> bool:
    return component.kind == _COMPOSE or is_workload(component)


RULE = ComponentRule(
    id="localhost-address",
    level=Level.WARNING,
    family=Family.CONFIGURATION,
    title="Data store looked for in the container itself",
    why=(
        "In a container, `localhost` is the container alone. An address that is right on the desk of a developer is "
        "wrong here, and the software fails at its first query, or takes another way in silence."
    ),
    fix="Name the service or the host where the data store runs.",
    example="env:\n  - name: DATABASE\n    value: postgresql://localhost:5432/orders",
    source="Kubernetes documentation, Pods: networking",
    values=frozenset({Aspect.CONFIG, Aspect.ARTIFACT}),
    looks_at=_runs_containers,
    check=check,
)

"""Rule: a data store that forgets everything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.assurance.checks.data_stores import data_store
from generator.assurance.checks.pods import container_fields, pod_fields
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_COMPOSE = "ComposeService"
_KINDS = frozenset({"Deployment", "StatefulSet", "ReplicaSet"})
_KEEPING = re.compile(
    r"(?:.*/)?(?:cp-|bitnami-)?(?:postgres|postgresql|postgis|pgvector|timescaledb(?:-ha)?|mysql|mysql-server|mariadb"
    r"|percona|percona-server|mongo|mongodb|mongodb-community-server|elasticsearch|opensearch|kafka|redpanda|cassandra"
    r"|scylla|couchdb|couchbase|influxdb|clickhouse|clickhouse-server|neo4j|arangodb|etcd|cockroach|cockroachdb|solr)"
)
"""Those of the data stores whose purpose is to keep; caches and queues may well forget."""
_FLEETING = re.compile(r"\]\.(?:name|(?:emptyDir|configMap|secret|projected|downwardAPI)\b.*)\Z")
_TMPFS = "tmpfs"


def check(component: Component) -> Iterator[Finding]:
    """Find well-known data stores that have no volume which outlives them.

    With a command of its own a container of such an image is often a client, and not judged.
    """
    image = data_store(component) if _has_volumes(component) else ""
    if image and _KEEPING.fullmatch(image) and _forgets(component):
        yield RULE.about(component, f"{component.id} ({image}) keeps its data in no volume that outlives it")


def _has_volumes(component: Component) -> bool:
    return component.kind == _COMPOSE or component.kind in _KINDS


def _forgets(component: Component) -> bool:
    """Return whether nothing that is mounted outlives the container."""
    if component.kind == _COMPOSE:
        return not any(
            (field.name.startswith("volumes") and not field.value.startswith(_TMPFS))
            or field.name.startswith(("command", "entrypoint"))
            for field in component.fields
        )
    if any(container_fields(component, "command[")):
        return False
    claims = any(field.name.startswith("spec.volumeClaimTemplates") for field in component.fields)
    return not claims and all(_FLEETING.search(field.name) for field in pod_fields(component, "volumes["))


RULE = ComponentRule(
    id="volatile-data-store",
    level=Level.WARNING,
    family=Family.RESILIENCE,
    title="Data store without a lasting volume",
    why=(
        "Its data is gone when the container is replaced, which each release and each work on the host does. Until "
        "then everything looks right."
    ),
    fix="Give it a volume claim, or a named volume in a compose file. Where it may forget, waive this with the reason.",
    example="kind: Deployment\ncontainers: [{name: db, image: postgres:16}]   # and no volume",
    source="Kubernetes documentation, Persistent Volumes; Docker documentation, Persisting container data",
    values=frozenset({Aspect.ARTIFACT, Aspect.CONFIG}),
    looks_at=_has_volumes,
    check=check,
)

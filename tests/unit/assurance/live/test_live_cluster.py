"""What a cluster adds, and its words for what it was given."""

from __future__ import annotations

import pytest

from generator.assurance.live.cluster import given_by_cluster, made_by_cluster, may_be_gone, same_meaning
from generator.model.component import Aspect, Component, Field, Role, component


def _one(kind: str, name: str, namespace: str = "shop", **fields: str) -> Component:
    values = [Field(Aspect.CONFIG, key.replace("__", "."), value) for key, value in fields.items()]
    return component(f"{kind}/{name}", Role.CONFIG, kind, fields=values, namespace=namespace)


@pytest.mark.parametrize(
    ("kind", "field", "given"),
    [
        ("Service", "spec.clusterIP", True),
        ("Service", "spec.ports[http].nodePort", True),
        ("Service", "spec.type", False),
        ("Deployment", "spec.clusterIP", False),
        ("Deployment", "metadata.ownerReferences[x].uid", True),
        ("PersistentVolumeClaim", "spec.volumeName", True),
        ("Job", "spec.template.metadata.labels.batch.kubernetes.io/controller-uid", True),
        ("Deployment", "annotations.note", False),
    ],
)
def test_fields(kind: str, field: str, given: bool) -> None:  # noqa: FBT001 - a row of a table
    assert given_by_cluster(kind, field) is given


@pytest.mark.parametrize(
    ("one", "made"),
    [
        (_one("ConfigMap", "kube-root-ca.crt"), True),
        (_one("ConfigMap", "settings"), False),
        (_one("Secret", "token", type="kubernetes.io/service-account-token"), True),
        (_one("Secret", "tls", type="kubernetes.io/tls"), False),
        (_one("Secret", "from-vault"), True),
        (_one("EndpointSlice", "api-x"), True),
        (_one("PersistentVolumeClaim", "data-db-0"), True),
        (_one("PersistentVolumeClaim", "data-db-x"), False),
        (_one("PersistentVolumeClaim", "data-db-0", "other"), False),
        (_one("Role", "by-hand"), False),
    ],
)
def test_objects(one: Component, made: bool) -> None:  # noqa: FBT001 - a row of a table
    stateful = component("db", Role.COMPONENT, "StatefulSet", namespace="shop")
    maker = component("ExternalSecret/v", Role.SECRET, "ExternalSecret", names=("from-vault",))
    assert made_by_cluster(one, [stateful], [maker]) is made


@pytest.mark.parametrize(
    ("field", "model", "live", "same"),
    [
        ("server.resources.limits.cpu", "1000m", "1", True),
        ("server.resources.limits.memory", "1024Mi", "1Gi", True),
        ("server.resources.limits.memory", "1G", "1Gi", False),
        ("spec.resources.requests.storage", "0.5Gi", "512Mi", True),
        ("server.env.SIZE", "1000m", "1", False),
        ("spec.template.spec.volumes[x].configMap.defaultMode", "0400", "256", True),
        ("spec.template.spec.volumes[x].configMap.defaultMode", "0400", "400", False),
        ("server.resources.limits.cpu", "much", "little", False),
    ],
)
def test_words(field: str, model: str, live: str, same: bool) -> None:  # noqa: FBT001 - a row of a table
    assert same_meaning(field, model, live) is same


def test_a_finished_job_may_be_gone() -> None:
    assert may_be_gone("Job")
    assert not may_be_gone("CronJob")

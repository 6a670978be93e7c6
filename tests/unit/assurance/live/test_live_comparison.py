"""What runs against the model: a cluster that was left alone shows nothing, and each change in place shows itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.cluster import applied, as_list, find, made_by_others, workload

from generator.assurance.drift import DriftClass
from generator.assurance.live.comparison import LiveComparison, live_drift
from generator.assurance.live.snapshot import read_snapshot
from generator.demo.repository import demo_commits
from generator.model.component import Aspect, Component, Field, Role, component, rebuilt
from generator.readers.compose.reader import ComposeReader
from generator.readers.kubernetes.reader import KubernetesReader
from generator.readers.reader import SourceFile, Unit

if TYPE_CHECKING:
    from support.cluster import Object

PRODUCTION = "deploy/production/"


def _mask(value: str) -> str:
    return f"secret:{hash(value):x}"


def _never(subject: str, aspect: str, field: str, value: str) -> bool:
    del subject, aspect, field, value
    return False


def _model(files: list[SourceFile]) -> dict[str, Component]:
    reading = KubernetesReader().read(Unit("production"), files, _mask)
    assert reading.problems == ()
    return {one.id: one for one in reading.components}


def _compared(model: dict[str, Component], *data: bytes, name: str = "live.yaml") -> LiveComparison:
    files = [SourceFile(f"{number}-{name}", part) for number, part in enumerate(data)]
    snapshot = read_snapshot(files, model, _mask)
    assert snapshot.problems == ()
    return live_drift(model, snapshot, _never)


@pytest.fixture(scope="module")
def demo() -> list[SourceFile]:
    tree: dict[str, bytes] = {}
    for commit in demo_commits():
        tree |= {path: data or b"" for path, data in commit.changes.items()}
    return [SourceFile(path, data) for path, data in sorted(tree.items()) if data and path.startswith(PRODUCTION)]


@pytest.fixture
def objects(demo: list[SourceFile]) -> list[Object]:
    return [one for file in demo for one in applied(file.data)]


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_cluster_that_was_left_alone_has_no_drift(demo: list[SourceFile], objects: list[Object], form: str) -> None:
    model = _model(demo)
    found = _compared(model, as_list([*objects, *made_by_others(objects)], form=form), name=f"live.{form}")
    assert found.items == ()
    assert found.not_assessed == ()
    assert found.compared == len(model) > 20
    assert found.left_out == len(made_by_others(objects))


def test_an_image_set_by_hand(demo: list[SourceFile], objects: list[Object]) -> None:
    container = find(objects, "Deployment", "checkout")["spec"]["template"]["spec"]["containers"][0]
    written, container["image"] = container["image"], "images.fernwood.example/shop/checkout:debug"
    (item,) = _compared(_model(demo), as_list([*objects, *made_by_others(objects)])).items
    assert (item.component, item.field, item.drift, item.model, item.live) == (
        "checkout",
        "checkout.image",
        DriftClass.AHEAD,
        written,
        container["image"],
    )


def test_each_change_in_place_is_one_item(demo: list[SourceFile], objects: list[Object]) -> None:
    find(objects, "ConfigMap", "checkout-settings")["data"]["PAYMENT_TIMEOUT_SECONDS"] = "99"
    find(objects, "Deployment", "search")["spec"]["replicas"] = 5
    container = find(objects, "Deployment", "accounts")["spec"]["template"]["spec"]["containers"][0]
    container.setdefault("env", []).append({"name": "DEBUG", "value": "1"})
    find(objects, "Secret", "checkout-secrets")["data"]["payment-api-key"] = "b3RoZXI="
    find(objects, "Service", "search")["spec"]["type"] = "NodePort"
    objects.remove(find(objects, "Deployment", "notifications"))
    objects += applied(b"{apiVersion: v1, kind: ConfigMap, metadata: {name: by-hand, namespace: fernwood}, data: {}}")
    found = _compared(_model(demo), as_list(objects))
    assert {(i.component, i.field, i.drift) for i in found.items} == {
        ("ConfigMap/checkout-settings", "data.PAYMENT_TIMEOUT_SECONDS", DriftClass.CONFIG),
        ("search", "replicas", DriftClass.CONFIG),
        ("accounts", "accounts.env.DEBUG", DriftClass.STRUCTURE),
        ("Secret/checkout-secrets", "data.payment-api-key", DriftClass.CONFIG),
        ("Service/search", "spec.type", DriftClass.STRUCTURE),
        ("notifications", "component", DriftClass.STRUCTURE),
        ("ConfigMap/by-hand", "component", DriftClass.STRUCTURE),
    }
    assert len(found.items) == 7
    assert all("b3RoZXI" not in str(item) for item in found.items)


def test_an_older_value_waits_to_be_rolled_out(demo: list[SourceFile], objects: list[Object]) -> None:
    find(objects, "ConfigMap", "checkout-settings")["data"]["PAYMENT_TIMEOUT_SECONDS"] = "10"
    model = _model(demo)
    snapshot = read_snapshot([SourceFile("live.yaml", as_list(objects))], model, _mask)
    found = live_drift(model, snapshot, lambda *path: path[3] == "10")
    assert [(i.field, i.drift) for i in found.items] == [("data.PAYMENT_TIMEOUT_SECONDS", DriftClass.PENDING)]


def test_what_the_snapshot_does_not_hold_is_not_assessed(demo: list[SourceFile], objects: list[Object]) -> None:
    some = [one for one in objects if one["kind"] in {"Deployment", "Service"}]
    found = _compared(_model(demo), as_list(some))
    assert found.items == ()
    assert [reason.split(" for ")[0] for reason in found.not_assessed] == [
        "The snapshot holds no ConfigMap",
        "The snapshot holds no Ingress",
        "The snapshot holds no PersistentVolumeClaim",
        "The snapshot holds no PodDisruptionBudget",
        "The snapshot holds no Secret",
    ]


def test_a_snapshot_of_nothing_is_no_agreement(demo: list[SourceFile]) -> None:
    model = _model(demo)
    for data in (b"", b"{}", b"nothing: here\n", as_list([])):
        found = live_drift(model, read_snapshot([SourceFile("live.yaml", data)], model, _mask), _never)
        assert (found.items, found.compared, len(found.not_assessed)) == ((), 0, 1)


def test_the_cluster_s_words_for_amounts() -> None:
    (live,) = applied(workload(replicas="2"))
    live["spec"]["template"]["spec"]["containers"][0]["resources"] = {"limits": {"cpu": "1", "memory": "1Gi"}}
    model = _model([SourceFile("api.yaml", workload(replicas="2"))])
    assert _compared(model, as_list([live])).items == ()
    live["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "2"
    assert [i.field for i in _compared(model, as_list([live])).items] == ["server.resources.limits.cpu"]


def test_what_an_autoscaler_sets_is_no_change_by_hand() -> None:
    (live,) = applied(workload())
    live["spec"]["replicas"] = 6
    model = _model([SourceFile("api.yaml", workload())])
    assert [i.field for i in _compared(model, as_list([live])).items] == ["replicas"]
    scaler = applied(
        b"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: api, namespace: shop}\n"
        b"spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}}\n"
    )
    assert [i.component for i in _compared(model, as_list([live, *scaler])).items] == ["HorizontalPodAutoscaler/api"]


def test_generated_names_and_old_generations_of_them() -> None:
    manifest = workload() + b"        envFrom: [{configMapRef: {name: settings%s}}]\n"
    config = (
        b"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings%s, namespace: shop}\ndata: {LEVEL: '%s'}\n"
    )
    model = _model([SourceFile("k.yaml", (manifest + config) % (b"", b"", b"1"))])
    live = applied((manifest + config) % (b"-7h2c9m4dkf", b"-7h2c9m4dkf", b"1"))
    old = applied(config % (b"-9k2h7d5tbm", b"0"))
    assert _compared(model, as_list([*old, *live])).items == ()
    live[1]["data"]["LEVEL"] = "2"
    assert [(i.component, i.field) for i in _compared(model, as_list(live)).items] == [
        ("ConfigMap/settings", "data.LEVEL")
    ]


def test_of_kinds_without_known_defaults_only_what_the_model_names() -> None:
    text = b"apiVersion: shop.example/v1\nkind: Basket\nmetadata: {name: b, namespace: shop}\nspec: {size: '1'%s}\n"
    model = _model([SourceFile("b.yaml", text % b"")])
    assert _compared(model, as_list(applied(text % b", colour: blue"))).items == ()
    (live,) = applied(text % b"")
    live["spec"]["size"] = "2"
    assert [i.field for i in _compared(model, as_list([live])).items] == ["spec.size"]


def test_another_version_of_an_object_is_not_compared() -> None:
    text = b"apiVersion: shop.example/%s\nkind: Basket\nmetadata: {name: b, namespace: shop}\nspec: {size: '1'}\n"
    model = _model([SourceFile("b.yaml", text % b"v1beta1")])
    found = _compared(model, as_list(applied(text % b"v1")))
    assert (found.items, found.compared) == ((), 0)
    assert "Basket/b is written for shop.example/v1beta1, and the snapshot tells it as shop.example/v1." in (
        found.not_assessed
    )


def test_one_name_in_two_namespaces() -> None:
    other = workload().replace(b"namespace: shop", b"namespace: admin")
    one, two = _model([SourceFile("a.yaml", workload())])["api"], _model([SourceFile("b.yaml", other)])["api"]
    model = {"api": one, "admin/api": rebuilt(two, id="admin/api")}
    live = applied(workload()) + applied(other)
    live[1]["spec"]["template"]["spec"]["containers"][0]["image"] = "shop/api:2"
    assert [(i.component, i.live) for i in _compared(model, as_list(live)).items] == [("admin/api", "shop/api:2")]


def test_values_can_be_compared_by_their_artifacts() -> None:
    def values(name: str, tag: str) -> Component:
        fields = [Field(Aspect.ARTIFACT, "image_tag", tag), Field(Aspect.CONFIG, "replicas", "2")]
        return component(name, Role.COMPONENT, "values", fields=fields)

    model = {name: values(name, tag) for name, tag in (("api", "1"), ("web", "5"), ("mail", "1"))}
    live = applied(workload()) + applied(workload().replace(b"name: api", b"name: web"))
    found = _compared(model, as_list(live))
    assert [(i.component, i.field, i.drift, i.model, i.live) for i in found.items] == [
        ("web", "image_tag", DriftClass.AHEAD, "5", "1")
    ]
    assert found.compared == 2
    assert found.not_assessed == (
        "Settings of 3 components are no manifests, so only their artifacts are compared with what runs.",
        "mail: no workload of the snapshot goes by this name.",
    )


COMPOSE = b"""\
services:
  api:
    image: shop/api:${TAG}
    environment:
      LEVEL: "1"
      PASSWORD: ${PASSWORD}
    ports: ["8080:80"]
    volumes: ["./data:/data", "cache:/cache"]
volumes:
  cache: {}
"""
RESOLVED = b"""\
name: shop
services:
  api:
    environment:
      LEVEL: "1"
      PASSWORD: hunter2hunter2
    image: shop/api:1.4
    networks:
      default: null
    ports:
      - mode: ingress
        target: 80
        published: "8080"
        protocol: tcp
    volumes:
      - type: bind
        source: /srv/shop/data
        target: /data
        bind: {}
      - type: volume
        source: cache
        target: /cache
        volume: {}
networks:
  default:
    name: shop_default
volumes:
  cache:
    name: shop_cache
"""


def test_a_compose_project_as_it_was_put_together() -> None:
    reading = ComposeReader().read(Unit("production"), [SourceFile("compose.yaml", COMPOSE)], _mask)
    model = {one.id: one for one in reading.components}
    assert _compared(model, RESOLVED).items == ()
    (item,) = _compared(model, RESOLVED.replace(b'LEVEL: "1"', b'LEVEL: "2"')).items
    assert (item.component, item.field, item.drift) == ("api", "env.LEVEL", DriftClass.CONFIG)


def _pod_maker(name: str, image: str, namespace: str = "") -> bytes:
    space = f", namespace: {namespace}" if namespace else ""
    return (
        f"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}{space}}}\nspec:\n"
        f"  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n"
        f"    spec: {{containers: [{{name: main, image: '{image}'}}]}}\n"
    ).encode()


def test_a_namespace_that_was_not_exported_is_not_assessed() -> None:
    texts = _pod_maker("api", "api:1", "shop"), _pod_maker("redis", "redis:7", "cache")
    model = _model([SourceFile(f"{number}.yaml", text) for number, text in enumerate(texts)])
    found = _compared(model, texts[0])
    assert (found.items, found.compared) == ((), 1)
    assert found.not_assessed == ("The snapshot holds nothing of the namespace cache, in which 1 of the model stand.",)
    beside = _compared(model, texts[0], _pod_maker("other", "other:1", "cache"))
    assert [(i.component, i.model, i.live) for i in beside.items] == [("redis", "Deployment", None)]


def test_of_several_namespaces_that_may_be_meant_none_is_taken() -> None:
    model = _model([SourceFile("a.yaml", _pod_maker("api", "api:1"))])
    found = _compared(model, _pod_maker("api", "api:1", "shop"), _pod_maker("api", "api:2", "preview"))
    assert (found.items, found.compared) == ((), 0)
    assert "1 of the model name no namespace, and the snapshot has them in preview and shop." in found.not_assessed


def test_what_stands_in_no_namespace_says_nothing_of_where_the_rest_stands() -> None:
    role = b"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\nrules: []\n"
    model = _model([SourceFile("a.yaml", _pod_maker("api", "api:1") + role)])
    found = _compared(model, _pod_maker("api", "api:1", "shop") + role)
    assert (found.items, found.compared, found.not_assessed) == ((), 2, ())

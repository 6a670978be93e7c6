"""A live object in the model's words."""

from __future__ import annotations

import pytest

from generator.assurance.live.settling import scaled_by, settled, unseen
from generator.model.component import Aspect, Component, Field, Role, component
from generator.readers.kustomize.stubs import UNKNOWN
from generator.readers.secrets import fingerprint


def _service(aspect: Aspect = Aspect.CONFIG, api: str = "v1", **values: str) -> Component:
    fields = [Field(aspect, f"spec.{name}", value) for name, value in values.items()]
    return component("Service/api", Role.EXPOSURE, "Service", fields=fields, namespace="shop", api=api)


def _told(model: Component, live: Component) -> dict[str, tuple[str, str]]:
    return {f.name: (f.aspect.value, f.value) for f in settled(model, live, frozenset()).fields}


def test_what_the_cluster_filled_in_is_taken_off_unless_the_model_says_it() -> None:
    assert _told(_service(), _service(clusterIP="10.0.0.1", type="NodePort")) == {"spec.type": ("config", "NodePort")}
    assert _told(_service(clusterIP="None"), _service(clusterIP="10.0.0.1")) == {
        "spec.clusterIP": ("config", "10.0.0.1")
    }


def test_a_value_that_became_secret_is_one_field_and_not_two() -> None:
    live = _service(Aspect.SECRET, key="secret:0a")
    assert _told(_service(key="changeme"), live) == {"spec.key": ("config", "secret:0a")}


@pytest.mark.parametrize(
    ("model", "live", "same"),
    [
        ("shop/api:${TAG}", "shop/api:1.4", True),
        ("shop/api:${TAG:-1}", "shop/web:1.4", False),
        ("./data", "/srv/shop/data", True),
        ("./data", "/srv/shop/other-data", False),
        (".", "/srv/shop", True),
        ("data", "/srv/data", False),
    ],
)
def test_variables_and_paths(model: str, live: str, same: bool) -> None:  # noqa: FBT001 - a row of a table
    found = _told(_service(api="", volume=model), _service(api="", volume=live))["spec.volume"][1]
    assert found == (model if same else live)


def test_what_git_cannot_tell_is_not_held_against_the_cluster() -> None:
    hidden = fingerprint(
        "ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]", lambda value: f"secret:{len(value):012x}"
    )
    model = _service(key=hidden, file=UNKNOWN, size="1")
    assert unseen(model) == 2
    assert settled(model, _service(key="secret:9", size="1"), frozenset()).fields == model.fields


def test_an_autoscaler_of_another_namespace_scales_nothing_here() -> None:
    fields = [Field(Aspect.CONFIG, f"spec.scaleTargetRef.{k}", v) for k, v in (("kind", "Deployment"), ("name", "api"))]
    scaler = component(
        "HorizontalPodAutoscaler/x", Role.CONFIG, "HorizontalPodAutoscaler", fields=fields, namespace="a"
    )
    assert scaled_by([scaler]) == {("a", "Deployment", "api")}

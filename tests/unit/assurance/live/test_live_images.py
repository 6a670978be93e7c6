"""Artifacts of values against the images that run."""

from __future__ import annotations

import pytest

from generator.assurance.drift import DriftClass
from generator.assurance.live.images import ArtifactsCompared, compare_artifacts
from generator.model.component import Aspect, Component, Field, Role, component


def _values(*artifacts: str, name: str = "checkout") -> dict[str, Component]:
    fields = [Field(Aspect.ARTIFACT, f"part{place}.version", value) for place, value in enumerate(artifacts)]
    return {name: component(name, Role.COMPONENT, "values", fields=fields)}


def _live(name: str = "checkout", labels: dict[str, str] | None = None, **images: str) -> Component:
    fields = [Field(Aspect.ARTIFACT, f"{container}.image", image) for container, image in images.items()]
    told = tuple((labels or {}).items())
    return component(name, Role.COMPONENT, "Deployment", fields=fields, labels=told)


def _compared(model: dict[str, Component], *live: Component, had: str = "") -> ArtifactsCompared:
    return compare_artifacts(model, live, lambda *path: path[3] == had)


@pytest.mark.parametrize("image", ["shop/checkout:1.4", "host:5000/shop/checkout:1.4", "shop/checkout:1.4@sha256:0a"])
def test_a_tag_that_runs_is_no_difference(image: str) -> None:
    assert _compared(_values("1.4"), _live(server=image)) == ArtifactsCompared((), 1, ())


def test_a_digest_is_compared_with_digests() -> None:
    live = _live(server="shop/checkout:1.4@sha256:0a")
    assert _compared(_values("sha256:0a"), live).differences == ()
    assert [one.live for one in _compared(_values("sha256:0b"), live).differences] == ["sha256:0a"]
    assert [one.live for one in _compared(_values("1.5"), live).differences] == ["1.4"]


def test_another_tag_is_ahead_or_pending() -> None:
    (one,) = _compared(_values("1.4"), _live(server="shop/checkout:1.5")).differences
    assert (one.field, one.drift, one.model, one.live) == ("part0.version", DriftClass.AHEAD, "1.4", "1.5")
    (one,) = _compared(_values("1.4"), _live(server="shop/checkout:1.3"), had="1.3").differences
    assert one.drift is DriftClass.PENDING


def test_an_image_is_compared_with_those_of_its_name() -> None:
    live = _live(server="shop/checkout:2", proxy="mesh/proxy:9")
    (one,) = _compared(_values("shop/checkout:1", "mesh/proxy:9"), live).differences
    assert (one.model, one.live) == ("shop/checkout:1", "shop/checkout:2")


def test_of_several_containers_the_one_of_its_name_is_meant() -> None:
    (one,) = _compared(_values("1"), _live(checkout="shop/app:2", proxy="mesh/proxy:9")).differences
    assert one.live == "2"
    (one,) = _compared(_values("1"), _live(server="shop/checkout:2", proxy="mesh/proxy:9")).differences
    assert one.live == "2"


def test_where_nothing_tells_it_is_not_assessed() -> None:
    found = _compared(_values("1"), _live(a="shop/a:2", b="shop/b:9"))
    assert (found.differences, found.compared) == ((), 0)
    assert found.not_assessed == ("checkout: nothing tells which container runs part0.version.",)


def test_a_workload_is_known_by_its_labels_too() -> None:
    live = _live("shop-checkout-web", {"app.kubernetes.io/instance": "checkout"}, server="shop/checkout:2")
    assert [one.live for one in _compared(_values("1"), live).differences] == ["2"]


def test_no_workload_of_that_name_is_not_assessed() -> None:
    found = _compared(_values("1"), _live("other", server="shop/other:1"))
    assert found.not_assessed == ("checkout: no workload of the snapshot goes by this name.",)

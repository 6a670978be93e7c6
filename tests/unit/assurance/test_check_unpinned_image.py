from __future__ import annotations

import pytest

from generator.assurance.checks.unpinned_image import RULE
from generator.model.component import Aspect, Component, Field, Role, component

DIGEST = "sha256:" + "a" * 64


def running(value: str, name: str = "server.image", kind: str = "Deployment", *others: Field) -> Component:
    field = Field(Aspect.ARTIFACT, name, value, 12)
    return component("checkout", Role.COMPONENT, kind, fields=[field, *others], path="deploy/checkout.yaml", line=3)


@pytest.mark.parametrize(
    "value",
    [
        "checkout",
        "registry.example/shop/checkout",
        "localhost:5000/checkout",
        "registry.example:5000/shop/checkout:latest",
        "checkout:Latest",
        "checkout:main",
        "checkout:nightly",
    ],
)
def test_a_floating_image_is_found(value: str) -> None:
    (finding,) = RULE.check(running(value))
    assert finding.identity == ("unpinned-image", "checkout", "server.image")
    assert (finding.path, finding.line, finding.level) == ("deploy/checkout.yaml", 12, "warning")
    assert value in finding.message


@pytest.mark.parametrize(
    "value",
    [
        "checkout:1.4.2",
        "localhost:5000/checkout:1.4",
        f"checkout@{DIGEST}",
        f"checkout:latest@{DIGEST}",
        "checkout:latest-20260101",
        "checkout:maintenance",
        "registry.example/latest/checkout:2",
        "${REGISTRY}/checkout",
        "{{ .Values.image }}",
        "PLACEHOLDER",
        "",
    ],
)
def test_a_fixed_or_unknown_image_is_not(value: str) -> None:
    assert not list(RULE.check(running(value)))


def test_an_init_container_counts() -> None:
    assert list(RULE.check(running("busybox", "init.wait.image")))


def test_a_setting_that_looks_like_an_image_does_not_count() -> None:
    setting = Field(Aspect.CONFIG, "server.env.WORKER_IMAGE", "worker:latest")
    assert not list(RULE.check(component("checkout", Role.COMPONENT, "Deployment", fields=[setting])))


@pytest.mark.parametrize("value", ["latest", "main", "shop/checkout:latest"])
def test_a_version_key_with_a_floating_value_is_found(value: str) -> None:
    assert list(RULE.check(running(value, "image_tag", "values")))


@pytest.mark.parametrize("value", ["1.10", "2026-08-21-main", "v2", "checkout"])
def test_a_version_key_with_a_version_is_not(value: str) -> None:
    assert not list(RULE.check(running(value, "image_tag", "values")))


def test_a_tag_in_the_field_beside_it_pins_the_image() -> None:
    beside = Field(Aspect.ARTIFACT, "main_app.version", "2026-08-21")
    assert not list(RULE.check(running("shop/checkout", "main_app.image", "explicit", beside)))
    elsewhere = Field(Aspect.ARTIFACT, "sidecar.version", "2026-08-21")
    assert list(RULE.check(running("shop/checkout", "main_app.image", "explicit", elsewhere)))


def test_the_chart_may_complete_an_image_in_values() -> None:
    assert not list(RULE.check(running("shop/checkout", "image", "values")))


def test_an_image_built_from_the_repository_needs_no_tag() -> None:
    build = Field(Aspect.CONFIG, "build.context", ".")
    assert not list(RULE.check(running("checkout-local", "image", "service", build)))


def test_a_very_long_value_is_passed_over() -> None:
    assert not list(RULE.check(running("a-" * 50_000 + "!")))

from __future__ import annotations

import pytest

from generator.assurance.checks.data_stores import data_store
from generator.model.component import Aspect, Component, Field, Role, component


def running(image: str, name: str = "server.image") -> Component:
    return component("db", Role.COMPONENT, "Deployment", fields=[Field(Aspect.ARTIFACT, name, image)])


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ("postgres", "postgres"),
        ("postgres:16-alpine", "postgres"),
        ("registry.example.org:5000/shop/redis:7@sha256:ab", "registry.example.org:5000/shop/redis"),
        ("confluentinc/cp-kafka:7.6", "confluentinc/cp-kafka"),
        ("clickhouse/clickhouse-server", "clickhouse/clickhouse-server"),
    ],
)
def test_a_data_store_is_known_by_the_last_part_of_its_image(image: str, shown: str) -> None:
    assert data_store(running(image)) == shown
    assert data_store(running(image, "image")) == shown


@pytest.mark.parametrize(
    "image", ["postgres-exporter:1", "shop/redis-commander", "postgres/backup:1", "nginx", "registry:5000/web", ""]
)
def test_what_is_only_called_like_one_is_none(image: str) -> None:
    assert data_store(running(image)) == ""


def test_only_what_runs_counts() -> None:
    assert data_store(running("postgres:16", "init.wait.image")) == ""
    assert data_store(component("db", Role.COMPONENT, "x", fields=[Field(Aspect.CONFIG, "image", "postgres")])) == ""

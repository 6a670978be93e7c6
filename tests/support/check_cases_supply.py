"""What rules on artifacts must find, and what only looks like it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from support.objects import workload
from support.scenes import PRODUCTION, STAGING, Case, Scene, compose, kubernetes

from generator.model.component import Aspect, Component, Field, Role, component

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.assurance.findings import Surroundings

_DIGEST = f"@sha256:{'5f' * 32}"
_MIRROR = "registry.example/shop/api"


def _scene(*texts: str, around: Surroundings = PRODUCTION) -> Scene:
    return Scene(kubernetes("".join(texts)), around)


def _runs(name: str, image: str, kind: str = "Deployment") -> str:
    return workload(name, image=image, kind=kind)


def _one(image: str, around: Surroundings = PRODUCTION) -> Scene:
    return _scene(_runs("api", image), around=around)


def _values(around: Surroundings = PRODUCTION, **artifacts: str) -> Scene:
    return Scene((_of_values("api", **artifacts),), around)


def _of_values(name: str, **artifacts: str) -> Component:
    fields = [Field(Aspect.ARTIFACT, f"main.{key}", value, 3) for key, value in artifacts.items()]
    return component(name, Role.COMPONENT, "values", fields=fields, names=(name,), path="values.yaml", line=1)


def _against(here: str, there: str, *once: str) -> Scene:
    had = tuple(("api", Aspect.ARTIFACT, "server.image", image) for image in once)
    return Scene(kubernetes(_runs("api", here)), above=kubernetes(_runs("api", there)), once=had)


_MIXED_VERSIONS = Case(
    fires=(
        _scene(_runs("api", "shop/backend:2"), _runs("worker", "shop/backend:1")),
        _scene(_runs("api", "shop/backend:main"), _runs("worker", "shop/backend:develop")),
        _scene(_runs("api", "docker.io/shop/backend:2"), _runs("worker", "shop/backend:1")),
        _scene(_runs("api", f"shop/backend{_DIGEST}"), _runs("worker", "shop/backend:1")),
        Scene(
            (_of_values("api", image="shop/backend", version="2"), _of_values("w", image="shop/backend", version="1"))
        ),
        Scene(compose("services:\n  a: {image: 'redis:7'}\n  b: {image: 'redis:6'}")),
    ),
    silent=(
        _scene(_runs("api", "shop/backend:2"), _runs("worker", "shop/backend:2")),
        _scene(_runs("api", "shop/api:2"), _runs("worker", "shop/worker:1")),
        _scene(_runs("api", "shop/backend:2.1-web"), _runs("worker", "shop/backend:2.1-php-worker")),
        _scene(_runs("api", "shop/backend:2"), _runs("migrate", "shop/backend:1", kind="Job")),
        _scene(_runs("api", "shop/backend:2"), _runs("worker", "shop/backend:${TAG}")),
        _scene(
            _runs("api", "shop/backend:2"), workload("web", pod="initContainers: [{name: a, image: 'shop/backend:1'}]")
        ),
    ),
)

_IMAGE_WITHOUT_DIGEST = Case(
    fires=(
        _scene(_runs("api", "shop/api:1"), _runs("web", f"shop/web:1{_DIGEST}"), _runs("cart", f"shop/cart{_DIGEST}")),
    ),
    silent=(
        _scene(_runs("api", "shop/api:1"), _runs("web", f"shop/web:1{_DIGEST}")),
        _scene(_runs("web", f"shop/web:1{_DIGEST}"), _runs("cart", f"shop/cart:1{_DIGEST}")),
        _scene(
            _runs("api", "shop/api:1"),
            _runs("web", f"shop/web:1{_DIGEST}"),
            _runs("cart", f"shop/cart:1{_DIGEST}"),
            around=STAGING,
        ),
    ),
)

_REPOSITORY_NOT_UPSTREAM = Case(
    fires=(
        _against("shop/api:1", f"{_MIRROR}:1"),
        _against("api-image", f"{_MIRROR}:1"),
        _against("somebody/api:1", "shop/api:1", "shop/api:1"),
    ),
    silent=(
        _against("shop/api:2", "shop/api:1"),
        _against("docker.io/shop/api:1", "shop/api:1"),
        _against("shop/api:1", f"{_MIRROR}:2", "shop/api:1"),
        Scene(kubernetes(_runs("api", "shop/api:1")), above=kubernetes(_runs("web", "shop/web:1"))),
        Scene(kubernetes(_runs("api", "shop/api:1"))),
    ),
)


def _pulled(image: str, policy: str) -> Scene:
    return _scene(workload(container=f"imagePullPolicy: {policy}", image=image))


_PULL_POLICY = Case(
    fires=(
        _pulled("shop/api:latest", "IfNotPresent"),
        _pulled("shop/api", "IfNotPresent"),
        _pulled("shop/api:1.4", "Never"),
        _one("shop/api:main"),
        Scene(compose("services:\n  api: {image: 'shop/api:latest', pull_policy: missing}")),
    ),
    silent=(
        _pulled("shop/api:1.4", "IfNotPresent"),
        _pulled("shop/api:main", "Always"),
        _pulled(f"shop/api:main{_DIGEST}", "IfNotPresent"),
        _one("shop/api:latest"),
        _one("shop/api:1.4"),
        Scene(compose("services:\n  api: {image: 'shop/api:1.4', pull_policy: never}")),
        Scene(compose("services:\n  api: {image: 'shop/api:latest'}")),
    ),
)

_PRERELEASE_IN_PRODUCTION = Case(
    fires=(
        _one("shop/api:2.0.0-rc.1"),
        _one("shop/api:2.0.0-rc1"),
        _one("shop/api:2.0b2"),
        _one("shop/api:v1.5-beta"),
        _one("shop/api:1.4-SNAPSHOT"),
        _one("shop/api:pr-123"),
        _one("shop/api:1.4.0.dev3"),
        _one("shop/api:feature-basket"),
        _values(version="2.0.0-alpha.3"),
    ),
    silent=(
        _one("shop/api:2.0.0"),
        _one("shop/api:2.0.0-rc.1", STAGING),
        _one("shop/api:2.0.0-alpine"),
        _one("shop/api:1.4.2-5-g1a2b3c4"),
        _one("shop/api:sha-b2a1d34b12a1c0"),
        _one("shop/api:2026-05-05-083231-production"),
        _one("shop/api:develop"),
        _one("shop/prerelease-notes:1.0"),
        _values(image="shop/rc"),
    ),
)

_ARTIFACT_OF_ANOTHER_ENVIRONMENT = Case(
    fires=(
        _one("shop/api:1.4.2-staging"),
        _one("shop/api:staging"),
        _one("registry.example/staging/api:1.4.2"),
        _values(version="2026-01-02-development"),
    ),
    silent=(
        _one("shop/api:1.4.2"),
        _one("shop/api:1.4.2-production"),
        _one("shop/staging-tools:1.4.2"),
        _one("shop/api:1.4.2-staging", STAGING),
        _one("shop/api:1.4.2-production", STAGING),
        _one("shop/api:production-from-staging"),
    ),
)

_UNPINNED_IMAGE = Case(
    fires=(
        _one("shop/api:latest"),
        _one("shop/api"),
        _values(version="latest"),
    ),
    silent=(
        _one("shop/api:1.4"),
        _one(f"shop/api:latest{_DIGEST}"),
        _one("shop/api:${TAG}"),
        _values(image="shop/api"),
        Scene(compose("services:\n  api: {image: shop/api, build: .}")),
    ),
)

CASES: Mapping[str, Case] = MappingProxyType(
    {
        "unpinned-image": _UNPINNED_IMAGE,
        "mixed-versions": _MIXED_VERSIONS,
        "image-without-digest": _IMAGE_WITHOUT_DIGEST,
        "repository-not-upstream": _REPOSITORY_NOT_UPSTREAM,
        "pull-policy": _PULL_POLICY,
        "prerelease-in-production": _PRERELEASE_IN_PRODUCTION,
        "artifact-of-another-environment": _ARTIFACT_OF_ANOTHER_ENVIRONMENT,
    }
)

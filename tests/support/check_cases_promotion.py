"""What rules on promotion must find, and what only looks like it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from support.objects import service, workload
from support.scenes import Case, Scene, compose, kubernetes

from generator.model.component import Aspect, Component, Field, Role, component

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROBE = "httpGet: {path: /ready, port: 80}"


def _sides(here: str, above: str | None) -> Scene:
    return Scene(kubernetes(here), above=None if above is None else kubernetes(above))


def _replicas(here: str, above: str) -> Scene:
    return _sides(workload(spec=here), workload(spec=above))


def _limited(amount: str) -> str:
    return workload(container=f"resources: {{limits: {{memory: {amount}}}}}") if amount else workload()


def _probed(*probes: str, name: str = "server") -> str:
    told = ", ".join(f"{probe}: {{{_PROBE}}}" for probe in probes)
    return workload(container=told).replace("name: server", f"name: {name}")


def _checked(here: str, above: str) -> Scene:
    text = "services:\n  api: {{image: 'shop/api:1'{}}}\n"
    return Scene(compose(text.format(here)), above=compose(text.format(above)))


def _values(**settings: str) -> tuple[Component, ...]:
    fields = [Field(Aspect.CONFIG, name, value, 3) for name, value in settings.items()]
    return (component("api", Role.COMPONENT, "values", fields=fields, path="values.yaml", line=1),)


def _set(**variables: str) -> str:
    told = ", ".join(f"{{name: {name}, value: '{value}'}}" for name, value in variables.items())
    return workload(container=f"env: [{told}]")


_HEALTH = ", healthcheck: {test: [CMD, check]}"

_SMALLER_THAN_UPSTREAM = Case(
    fires=(
        _replicas("replicas: 1", "replicas: 2"),
        _sides(_limited("512Mi"), _limited("1Gi")),
        Scene(_values(replicaCount="1"), above=_values(replicaCount="3")),
    ),
    silent=(
        _replicas("replicas: 2", "replicas: 2"),
        _replicas("replicas: 10", "replicas: 9"),
        _sides(_limited("1Gi"), _limited("1024Mi")),
        _sides(_limited("'${MEMORY}'"), _limited("1Gi")),
        _sides(_limited(""), _limited("1Gi")),
        _sides(workload(spec="replicas: 1"), None),
    ),
)

_MISSING_SAFEGUARD = Case(
    fires=(
        _sides(_probed(), _probed("readinessProbe")),
        _sides(_probed("readinessProbe"), _probed("readinessProbe", "livenessProbe")),
        _sides(_limited(""), _limited("1Gi")),
        _checked("", _HEALTH),
    ),
    silent=(
        _sides(_probed("readinessProbe"), _probed()),
        _sides(_probed("readinessProbe"), _probed("readinessProbe")),
        _sides(_limited("512Mi"), _limited("1Gi")),
        _sides(_probed(name="main"), _probed("readinessProbe")),
        _sides(workload(kind="StatefulSet"), _probed("readinessProbe")),
        _checked(_HEALTH, _HEALTH),
        _sides(_probed(), None),
    ),
)

_EMPTY_SETTING = Case(
    fires=(
        _sides(_set(PAYMENT_URL=""), _set(PAYMENT_URL="https://pay.example.org")),
        _sides(_set(DB_PASSWORD=""), _set(DB_PASSWORD="hidden-and-long")),  # noqa: S106 - a made-up one
        Scene(_values(host=" "), above=_values(host="db")),
    ),
    silent=(
        _sides(_set(PAYMENT_URL=""), _set(PAYMENT_URL="")),
        _sides(_set(PAYMENT_URL=""), _set(OTHER="x")),
        _sides(_set(OTHER="x"), _set(PAYMENT_URL="https://pay.example.org")),
        _sides(_set(PAYMENT_URL="x"), _set(PAYMENT_URL="")),
        Scene(_values(hosts=""), above=_values(hosts="[]")),
        _sides(_set(PAYMENT_URL=""), None),
    ),
)

_ONLY_HERE = Case(
    fires=(_sides(workload() + workload("extra"), workload()),),
    silent=(
        _sides(workload(), workload() + workload("extra")),
        _sides(workload() + service(), workload()),
        _sides(workload() + workload("migrate", kind="Job"), workload()),
        _sides(workload(), None),
    ),
)


def _runs(here: str, above: str, *once: str) -> Scene:
    had = tuple(("api", Aspect.ARTIFACT, "server.image", image) for image in once)
    return Scene(kubernetes(workload(image=here)), above=kubernetes(workload(image=above)), once=had)


_NEVER_IN_UPSTREAM = Case(
    fires=(_runs("shop/api:2", "shop/api:3"),),
    silent=(
        _runs("shop/api:2", "shop/api:2"),
        _runs("shop/api:2", "shop/api:3", "shop/api:2"),
        _sides(workload(), None),
        _sides(workload(), workload("web")),
    ),
)

_KEY_NOT_IN_PRODUCTION = Case(
    fires=(
        _sides(_set(OTHER="x"), _set(OTHER="x", TIMEOUT="5s")),
        Scene(_values(host="a"), above=_values(host="a", port="1")),
    ),
    silent=(
        Scene(_values(**{"ingress.port": "1"}), above=_values(**{"ingress.port": "1", "ingress.staging": "true"})),
        _sides(_set(TIMEOUT="9s"), _set(TIMEOUT="5s")),
        _sides(_set(OTHER="x", TIMEOUT="5s"), _set(OTHER="x")),
        _sides(workload(), None),
    ),
)

CASES: Mapping[str, Case] = MappingProxyType(
    {
        "never-in-upstream": _NEVER_IN_UPSTREAM,
        "key-not-in-production": _KEY_NOT_IN_PRODUCTION,
        "smaller-than-upstream": _SMALLER_THAN_UPSTREAM,
        "missing-safeguard": _MISSING_SAFEGUARD,
        "empty-setting": _EMPTY_SETTING,
        "only-here": _ONLY_HERE,
    }
)

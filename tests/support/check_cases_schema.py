"""What rules on schemas must find, and what only looks like it; what the readers remark has tests of its own."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec
from support.objects import thing, workload
from support.scenes import STAGING, Case, Scene, kubernetes

from generator.assurance.findings import Surroundings
from generator.model.component import Remark

if TYPE_CHECKING:
    from collections.abc import Mapping

_OLD = Surroundings(environment="production", production=True, kubernetes="1.15")
_UNKNOWN = Surroundings(environment="production", production=True)


def _remarked(rule: str) -> Scene:
    """Return a workload about which a reader remarked something for `rule`."""
    (one,) = kubernetes(workload())
    remark = Remark(rule, "error", "api has no such field", "spec.replicsa", 7)
    return Scene((msgspec.structs.replace(one, remarks=(remark,)),))


def _ingress(api: str, around: Surroundings = STAGING) -> Scene:
    return Scene(kubernetes(thing("Ingress", "shop", "rules: []", api=api)), around)


def _remarks(rule: str) -> Case:
    return Case(fires=(_remarked(rule),), silent=(_remarked("another-rule"), Scene(kubernetes(workload()))))


CASES: Mapping[str, Case] = MappingProxyType(
    {
        "schema-invalid": _remarks("schema-invalid"),
        "unknown-field": _remarks("unknown-field"),
        "compose-schema": _remarks("compose-schema"),
        "removed-api": Case(
            fires=(_ingress("extensions/v1beta1"), _ingress("networking.k8s.io/v1beta1", _UNKNOWN)),
            silent=(_ingress("networking.k8s.io/v1"), _ingress("networking.k8s.io/v1beta1", _OLD)),
        ),
        "deprecated-api": Case(
            fires=(_ingress("extensions/v1beta1", _OLD),),
            silent=(_ingress("networking.k8s.io/v1"), _ingress("extensions/v1beta1")),
        ),
    }
)

"""A live object in the model's words: what means the same is written the same, what the cluster added is taken off.

After this the two can be compared text by text, and whatever still differs was meant otherwise or changed in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.live.cluster import given_by_cluster, same_meaning
from generator.config.patterns import Pattern
from generator.model.component import Aspect, Component, Field, rebuilt
from generator.readers.kubernetes.defaults import NO_SHAPE, shape_of
from generator.readers.kustomize.stubs import UNKNOWN
from generator.readers.secrets import only_encrypted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_Target = tuple[str, str, str]
"""Namespace, kind and name."""
_REPLICAS = "replicas"
_VERSION = "apiVersion"
_BESIDE = ("./", "../")
_VARIABLE = "${"


def settled(model: Component, live: Component, scalers: Collection[_Target]) -> Component:
    """Return `live` in the words of `model`; `scalers` names what an autoscaler sets the number of."""
    scaled = (live.namespace, live.kind, live.id) in scalers
    said = {(field.aspect, field.name): field for field in model.fields}
    named = {field.name: field for field in model.fields}
    runs = {field.name: field for field in live.fields}
    # Which aspect a value is of may depend on the value: a variable is no secret, and what stands for it may be one.
    covered = {f.name: f for f in model.fields if _is_unseen(f) or (f.name in runs and _fills(f.value, runs[f.name]))}
    kept = list(covered.values())
    for field in live.fields:
        if field.name in covered:
            continue
        own = said.get((field.aspect, field.name)) or named.get(field.name)
        if own is not None:
            kept.append(own if _means(own, field, scaled=scaled) else Field(own.aspect, own.name, field.value))
        elif not _is_added(live, field, scaled=scaled):
            kept.append(field)
    return rebuilt(live, id=model.id, fields=kept)


def unseen(model: Component) -> int:
    """Return how many values of a component nothing can be compared with: git has them encrypted, or not at all."""
    return sum(1 for field in model.fields if _is_unseen(field))


def scaled_by(live: Iterable[Component]) -> frozenset[_Target]:
    """Return what the autoscalers among `live` set the number of replicas of."""
    found = set()
    for one in live:
        if one.kind == "HorizontalPodAutoscaler":
            target = {field.name: field.value for field in one.fields}
            kind, name = (target.get(f"spec.scaleTargetRef.{part}", "") for part in ("kind", "name"))
            found.add((one.namespace, kind, name))
    return frozenset(found)


def _is_unseen(field: Field) -> bool:
    return only_encrypted(field.value) or field.value.startswith(UNKNOWN)


def _means(model: Field, live: Field, *, scaled: bool) -> bool:
    # The cluster tells an object in whichever version it is asked for.
    if live.name == _VERSION or (scaled and live.name == _REPLICAS):
        return True
    return same_meaning(live.name, model.value, live.value) or _same_path(model.value, live.value)


def _is_added(live: Component, field: Field, *, scaled: bool) -> bool:
    """Return whether a field that the model does not have is the cluster's doing."""
    if field.name == _REPLICAS and field.aspect is Aspect.SCALE:
        # Where nothing is said there is one.
        return scaled or field.value == "1"
    unknown = bool(live.api) and shape_of(live.api, live.kind) is NO_SHAPE
    return unknown or given_by_cluster(live.kind, field.name)


def _fills(value: str, live: Field) -> bool:
    """Return whether a live value is one that a text with variables in it can become; a secret is not looked into."""
    if _VARIABLE not in value:
        return False
    start, *rest = value.split(_VARIABLE)
    words = start + "".join(f"*{part.partition('}')[2]}" for part in rest)
    return live.aspect is Aspect.SECRET or Pattern(words).fits(live.value)


def _same_path(model: str, live: str) -> bool:
    """Return whether a live path ends as a path beside the compose file does."""
    if not model.startswith(_BESIDE) and model != ".":
        return False
    inside = "/".join(part for part in model.split("/") if part not in {".", ".."})
    return live.startswith("/") and (not inside or live.endswith(f"/{inside}"))

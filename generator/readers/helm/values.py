"""The release of a chart as a component: which chart in which version, and its values where it is not rendered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.component import Aspect, Component, Field, Role, component
from generator.readers.encrypted import opaque_field, opaque_fingerprint
from generator.readers.layering import stack_leaves, stacked
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.model.component import Reference
    from generator.readers.helm.charts import Chart
    from generator.readers.reader import Mask
    from generator.readers.values.layers import Layer
    from generator.readers.values.settings import Settings

KIND = "HelmRelease"
_IMAGE = re.compile(r"image|.*[a-z0-9]Image|.*[_-]image")
_TAG = re.compile(r"imageTag|.*[a-z0-9]ImageTag|(?:.*[_-])?image[_-]tag")
_IMAGE_PARTS = ("registry", "repository", "name", "tag", "digest", "version")
_MARKS = ("tag", "digest")
"""What tells an image beside its repository."""


def release_component(
    release: str,
    chart: Chart,
    path: str,
    mask: Mask,
    fields: Sequence[Field] = (),
    references: Sequence[Reference] = (),
) -> Component:
    """Return the component `helm/RELEASE`, with the chart and its dependencies as artifacts, and what else is known."""
    lines = chart.lines
    found = [Field(Aspect.ARTIFACT, "chart", f"{chart.name} {chart.version}".strip(), lines.get("version", 0))]
    if chart.app_version:
        found.append(Field(Aspect.ARTIFACT, "appVersion", chart.app_version, lines.get("appVersion", 0)))
    for dependency in chart.dependencies:
        version = chart.locked.get(dependency.name) or dependency.version
        line = dependency.place.line if dependency.place.path == path else 0
        if version:
            found.append(Field(Aspect.ARTIFACT, f"dependencies[{dependency.name}]", version, line))
    shown = [Field(field.aspect, field.name, mask_within(field.value, mask), field.line) for field in found]
    return component(
        f"helm/{release}",
        Role.COMPONENT,
        KIND,
        fields=[*shown, *fields],
        references=list(references),
        path=path,
        line=1,
    )


def read_values(
    settings: Settings, layers: Sequence[Layer], artifact: tuple[str, ...], mask: Mask
) -> tuple[list[Field], list[Reference]]:
    """Return the fields and references of values in `layers`, lowest first.

    Images are artifacts: the keys of `artifact` where there are some, else what stands under a key that ends in
    `image`, or has a repository and a tag.
    """
    # Helm reads the first document of a file and nothing behind it.
    stack = stacked((number, root) for number, layer in enumerate(layers) for root in layer.roots[:1])
    found = list(stack_leaves(stack)) if stack else []
    keys = artifact or image_keys(name for name, scalar, _ in found if not scalar.null)
    sheet = settings.sheet(found, keys, -1, mask, [layer.path for layer in layers])
    opaque = [
        opaque_field(f"values[{number}]", opaque_fingerprint(layer.opaque, mask), 0)
        for number, layer in enumerate(layers)
        if layer.opaque
    ]
    return [*sheet.fields, *opaque], sheet.references


def image_keys(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the values' names, paths in dots, that say which image runs, sorted."""
    every = frozenset(names)
    found = []
    for name in every:
        owner, _, key = name.rpartition(".")
        inside = owner.rpartition(".")[2].partition("[")[0]
        named = _IMAGE.fullmatch(key) or _TAG.fullmatch(key)
        described = f"{owner}.repository" in every and any(f"{owner}.{mark}" in every for mark in _MARKS)
        if named or (key in _IMAGE_PARTS and (_IMAGE.fullmatch(inside) or described)):
            found.append(name)
    return tuple(sorted(found))

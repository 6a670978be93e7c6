"""Artifacts of a model without manifests against the images that run: all that values and live objects share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from generator.assurance.drift import DriftClass
from generator.model.component import Aspect, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.model.component import Component, Field

Had: TypeAlias = "Callable[[str, Aspect, str, str], bool]"
"""Tells of a component, an aspect, a field and a value whether git ever gave it."""
_NAMES = ("app.kubernetes.io/instance", "app.kubernetes.io/name", "app", "name")
"""Labels by which a workload tells what it is part of, the most telling first."""
_DIGEST = "sha256:"


class ArtifactDifference(NamedTuple):
    """An artifact that runs and is not the model's."""

    component: str
    aspect: Aspect
    field: str
    drift: DriftClass
    model: str
    live: str


class ArtifactsCompared(NamedTuple):
    """What came of comparing artifacts alone."""

    differences: tuple[ArtifactDifference, ...]
    compared: int
    """Components of the model of which at least one artifact was compared."""
    not_assessed: tuple[str, ...]


def compare_artifacts(model: Mapping[str, Component], live: Iterable[Component], had: Had) -> ArtifactsCompared:
    """Return where an artifact of `model` is not what runs; a model without manifests has nothing else to compare.

    A component is found by its name, else by the labels of the workloads. A tag is compared with the tags that run, an
    image with the images of the same name.
    """
    workloads = [one for one in live if one.role is Role.COMPONENT]
    differences: list[ArtifactDifference] = []
    reasons: list[str] = []
    compared = settings = 0
    for identity in sorted(model):
        one = model[identity]
        artifacts = [field for field in one.fields if field.aspect is Aspect.ARTIFACT and field.value]
        settings += any(field.aspect is not Aspect.ARTIFACT for field in one.fields)
        if not artifacts:
            continue
        images = _images(one, workloads)
        found = [(field, _counterpart(one, field.value, images)) for field in artifacts]
        if not images:
            reasons.append(f"{identity}: no workload of the snapshot goes by this name.")
        elif unmatched := [field.name for field, other in found if other is None]:
            reasons.append(f"{identity}: nothing tells which container runs {' and '.join(unmatched)}.")
        compared += any(other is not None for _, other in found)
        for field, other in found:
            if other is not None and other != field.value:
                before = had(identity, Aspect.ARTIFACT, field.name, other)
                drift = DriftClass.PENDING if before else DriftClass.AHEAD
                differences.append(ArtifactDifference(identity, Aspect.ARTIFACT, field.name, drift, field.value, other))
    if settings:
        reasons.append(
            f"Settings of {settings} components are no manifests, so only their artifacts are compared with what runs."
        )
    return ArtifactsCompared(tuple(differences), compared, tuple(reasons))


def _images(one: Component, workloads: Iterable[Component]) -> list[Field]:
    """Return the images of the workloads that a component of the model stands for."""
    workloads = list(workloads)
    name = one.id.rpartition("/")[2]
    found = [w for w in workloads if w.id == one.id]
    for label in _NAMES:
        found = found or [w for w in workloads if (label, name) in w.labels]
    return [field for w in found for field in w.fields if field.aspect is Aspect.ARTIFACT]


def _counterpart(one: Component, value: str, images: list[Field]) -> str | None:
    """Return what runs in the place of `value`, in the same form; `None` where nothing tells."""
    name, versions = _parts(value)
    if name:
        same = [field.value for field in images if _parts(field.value)[0] == name]
        return value if value in same else min(same, default=None)
    if any(versions[0] in _parts(field.value)[1] for field in images):
        return value
    own = one.id.rpartition("/")[2]
    telling = [f for f in images if own in {f.name.partition(".")[0], _parts(f.value)[0].rpartition("/")[2]}]
    # A digest stands in the place of a digest, and a tag in that of a tag.
    place = -1 if versions[0].startswith(_DIGEST) else 0
    chosen = {_parts(field.value)[1][place] for field in telling or images}
    return chosen.pop() if len(chosen) == 1 else None


def _parts(image: str) -> tuple[str, tuple[str, ...]]:
    """Return an image's name, and its tag and digest as far as it has them; a text without a name is a version."""
    if image.startswith(_DIGEST):
        return "", (image,)
    stem, _, digest = image.partition("@")
    name, colon, tag = stem.rpartition(":")
    if not colon or "/" in tag:
        name, tag = stem, ""
    if not (colon or digest or "/" in name):
        return "", (image,)
    versions = tuple(version for version in (tag, digest) if version)
    return name, versions or ("latest",)

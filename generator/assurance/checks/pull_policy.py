"""Rule: a moving tag that is pulled once, or an image that is never pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.checks.containers import WORKLOADS
from generator.assurance.checks.images import FLOATING, artifacts, image_of
from generator.assurance.findings import ComponentRule, Family, Level
from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.assurance.findings import Finding
    from generator.model.component import Component

_POLICIES = ("imagePullPolicy", "pullPolicy", "pull_policy")
_ONCE = frozenset({"ifnotpresent", "if_not_present", "missing"})
_NEVER = "never"
_ALWAYS = "always"
_LATEST = "latest"
_TAGS = ("tag", "version")
_IMAGE = "image"
_KEYS = frozenset({_IMAGE, *_TAGS})


def check(component: Component) -> Iterator[Finding]:
    """Find images whose pull policy contradicts their tag, one finding an image.

    Kubernetes pulls `latest` always and any other tag once where no policy is written, a moving one too. With compose
    files, images are often pulled before the start and never after; that is left to who starts them.
    """
    policies = {
        field.name.rpartition(".")[0]: field
        for field in component.fields
        if field.name.endswith(_POLICIES)
        and field.aspect is Aspect.CONFIG
        and field.name.rpartition(".")[2] in _POLICIES
    }
    for place, tag in sorted(_tags(component).items()):
        policy = policies[place].value.lower() if place in policies else _default(component, tag)
        if policy == _NEVER and component.kind in WORKLOADS:
            told = "is never pulled: it has to be on the machine before"
        elif policy in _ONCE and tag.lower() in FLOATING:
            told = f"is pulled once by a machine, though what `{tag}` stands for moves on"
        else:
            continue
        field = policies[place].name if place in policies else f"{place}.image".lstrip(".")
        whose = f"{place} in {component.id}" if place else component.id
        yield RULE.about(component, f"The image of {whose} {told}", field=field)


def _names_a_tag(component: Component) -> bool:
    return any(field.name.rpartition(".")[2] in _KEYS for field in artifacts(component))


def _tags(component: Component) -> dict[str, str]:
    """Return the tag at each place where an image is named; `latest` where an image names none."""
    found: dict[str, str] = {}
    for field in artifacts(component):
        place, _, key = field.name.rpartition(".")
        if key == _IMAGE:
            image = image_of(field.value)
            if image is not None and (image.tag or not image.digest):
                found.setdefault(place, "" if image.digest else image.tag or _LATEST)
        elif key in _TAGS and field.value:
            found[place] = field.value
    return found


def _default(component: Component, tag: str) -> str:
    """Return what the platform does where no policy is written; a chart may have one that is not seen here."""
    if component.kind not in WORKLOADS:
        return ""
    return _ALWAYS if tag == _LATEST else "ifnotpresent"


RULE = ComponentRule(
    id="pull-policy",
    level=Level.WARNING,
    family=Family.SUPPLY,
    title="Pull policy that contradicts the tag",
    why=(
        "A machine that has the image already goes on with what the tag stood for when it was pulled, and another "
        "one starts today's. Replicas of one deployment then run different software under one name. An image that is "
        "never pulled starts only where somebody has put it."
    ),
    fix="Name a version tag that is never moved, or a digest; else set the policy to `Always`.",
    example="image: shop/checkout:main\nimagePullPolicy: IfNotPresent",
    source="Kubernetes documentation, Images: image pull policy",
    values=frozenset({Aspect.ARTIFACT, Aspect.CONFIG}),
    looks_at=_names_a_tag,
    check=check,
)

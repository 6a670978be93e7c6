"""What a component runs, taken apart: registry, repository, tag, digest; and versions that stand by themselves."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.model.component import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.model.component import Component, Field

FLOATING = frozenset({"latest", "main", "master", "edge", "stable", "nightly", "dev", "develop"})
"""Tags that are moved by custom, compared in lower case."""

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?"
_NAME = r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*"
_IMAGE = re.compile(
    rf"(?P<repository>(?:{_HOST}/)?{_NAME}(?:/{_NAME})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,128}))?"
)
_VERSION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}")
_VERSION_KEY = re.compile(r"(?:^|[._-])(?:tag|version)$|[a-z](?:Tag|Version)$")
_LONGEST = 1024
"""Characters; what is longer is no image reference."""
_HUB = "docker.io/"
_HUB_LIBRARY = "docker.io/library/"
FIRST = "init."
"""Start of the fields of containers that only run first."""


class Image(NamedTuple):
    """An image reference."""

    repository: str
    """With its registry, which is `docker.io` where none is written."""
    tag: str
    """Empty where none is named."""
    digest: str
    """`sha256:…`; empty where none is named."""


@lru_cache(maxsize=1 << 13)
def image_of(text: str) -> Image | None:
    """Return the image that `text` names; `None` where it names none, as a text that is still to be filled in."""
    found = _IMAGE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    return Image(_full(found["repository"]), found["tag"] or "", found["digest"] or "")


def shown(repository: str) -> str:
    """Return a repository as people write it: without what is meant anyway."""
    return repository.removeprefix(_HUB_LIBRARY).removeprefix(_HUB)


def artifacts(component: Component) -> Sequence[Field]:
    """Return the fields that name what the component runs; they stand before all others."""
    found = []
    for field in component.fields:
        if field.aspect is not Aspect.ARTIFACT:
            break
        found.append(field)
    return found


def images(component: Component) -> Iterator[tuple[Field, Image]]:
    """Yield what the component runs with the fields that say so; a tag may stand in a field beside the image."""
    for field in artifacts(component):
        image = image_of(field.value) if is_image_key(field.name) else None
        if image is not None:
            yield field, image if image.tag or image.digest else image._replace(tag=_tag_beside(component, field))


def versions(component: Component) -> Iterator[tuple[Field, str]]:
    """Yield the versions that the component runs: tags of its images, and artifacts that are nothing but a version."""
    for field in artifacts(component):
        if is_image_key(field.name):
            image = image_of(field.value)
            if image is not None and image.tag:
                yield field, image.tag
        elif _VERSION.fullmatch(field.value):
            yield field, field.value


def names_images(component: Component) -> bool:
    """Return whether something that the component runs stands as a whole image, by the names of its fields."""
    return any(is_image_key(field.name) for field in artifacts(component))


def is_image_key(name: str) -> bool:
    """Return whether a field of this name holds a whole image, if it is an artifact."""
    return name.rpartition(".")[2].lower().endswith(("image", "repository"))


def _full(repository: str) -> str:
    first, slash, _ = repository.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return repository
    return f"{_HUB}{repository}" if slash else f"{_HUB_LIBRARY}{repository}"


def _tag_beside(component: Component, image: Field) -> str:
    beside = image.name.rpartition(".")[0]
    for field in artifacts(component):
        if field.name.rpartition(".")[0] in {beside, image.name}:
            key = field.name.rpartition(".")[2]
            if field is not image and _VERSION_KEY.search(key) and _VERSION.fullmatch(field.value):
                return field.value
    return ""

from __future__ import annotations

import pytest

from generator.assurance.checks.images import Image, image_of, images, shown, versions
from generator.assurance.checks.prerelease_in_production import prerelease_mark
from generator.model.component import Aspect, Component, Field, Role, component

DIGEST = f"sha256:{'5f' * 32}"


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("nginx", Image("docker.io/library/nginx", "", "")),
        ("nginx:1.27", Image("docker.io/library/nginx", "1.27", "")),
        ("docker.io/library/nginx:1.27", Image("docker.io/library/nginx", "1.27", "")),
        ("shop/api:2", Image("docker.io/shop/api", "2", "")),
        ("registry.example:5000/shop/api:2", Image("registry.example:5000/shop/api", "2", "")),
        ("localhost/api", Image("localhost/api", "", "")),
        (f"shop/api:2@{DIGEST}", Image("docker.io/shop/api", "2", DIGEST)),
        (f"shop/api@{DIGEST}", Image("docker.io/shop/api", "", DIGEST)),
        ("build ./api", None),
        ("shop/api:${TAG}", None),
        ("{{ image }}", None),
        ("", None),
        ("a/" * 600 + "a", None),
    ],
)
def test_an_image_is_taken_apart(text: str, image: Image | None) -> None:
    assert image_of(text) == image


def test_a_repository_is_shown_as_people_write_it() -> None:
    written = ["nginx", "shop/api", "registry.example/shop/api"]
    assert [shown(image.repository) for text in written if (image := image_of(text))] == written


def made(**artifacts: str) -> Component:
    fields = [Field(Aspect.ARTIFACT, f"main.{key}", value) for key, value in artifacts.items()]
    return component("api", Role.COMPONENT, "values", fields=[*fields, Field(Aspect.CONFIG, "other.image", "a:1")])


@pytest.mark.parametrize("key", ["version", "tag", "image_version", "imageTag"])
def test_a_tag_may_stand_beside_its_image(key: str) -> None:
    ((field, image),) = images(made(image="shop/api", **{key: "2"}))
    assert (field.name, image.tag) == ("main.image", "2")


def test_a_tag_of_its_own_counts_before_one_beside_it() -> None:
    assert [image.tag for _, image in images(made(image="shop/api:1", version="2"))] == ["1"]
    assert [image.tag for _, image in images(made(image="shop/api"))] == [""]


def test_versions_are_tags_and_what_is_nothing_else() -> None:
    assert [text for _, text in versions(made(image="shop/api:1", version="2.0-rc1"))] == ["1", "2.0-rc1"]
    assert [text for _, text in versions(made(image="shop/api", note="not a version"))] == []


@pytest.mark.parametrize(
    ("version", "mark"),
    [
        ("1.0.0-rc.1", "rc"),
        ("1.0.0-RC2", "rc2"),
        ("2.0b2", "b2"),
        ("v2.0.1a1", "a1"),
        ("mr_45", "mr_45"),
        ("feat-basket", "feat"),
        ("1.0.0", ""),
        ("3.0.0-alpine3.20", ""),
        ("1a2b3c4d5e6f", ""),
        ("fix-dev2prod", ""),
        ("17.0b2c3d4", ""),
    ],
)
def test_what_says_that_a_version_is_no_release(version: str, mark: str) -> None:
    assert prerelease_mark(version) == mark

from __future__ import annotations

from generator.config.layouts.artifacts import artifact_keys, cover, layered_artifact_keys, spread
from generator.config.looking import Looker


def looker(*texts: str) -> Looker:
    return Looker([f"{n}.yaml" for n in range(len(texts))], (), lambda path: texts[int(path[:-5])].encode())


def layered(*texts: str) -> tuple[str, ...]:
    return layered_artifact_keys(looker(*texts), [f"{n}.yaml" for n in range(len(texts))])


def test_a_version_counts_beside_an_image_and_not_alone() -> None:
    assert layered("app: {image: a, version: '1'}") == ("app.image", "app.version")
    assert layered("app: {version: '1'}\nschema_version: '2'") == ()


def test_an_image_counts_where_it_names_its_version() -> None:
    assert layered("app: {image: 'shop/app:1.0'}\nside: {image: plain}") == ("app.image",)
    assert layered("app: {image: {repository: a, tag: '1'}}") == ("app.image.tag",)


def test_keys_of_most_files_come_first_and_lists_are_left() -> None:
    assert layered("a: {imageTag: '1'}", "b: {imageTag: '1'}", "b: {imageTag: '2'}") == ("b.imageTag", "a.imageTag")
    assert layered("list: [{image: 'a:1'}]") == ()
    assert layered("apiVersion: v1\nkind: Pod\nimage: 'a:1'") == ()


def test_the_best_keys_of_a_file_come_first() -> None:
    assert artifact_keys(looker("version: 1\napp: {image_tag: x}"), "0.yaml") == ["app.image_tag", "version"]


def test_as_few_keys_as_cover_every_file() -> None:
    assert cover([["a", "b"], ["b"], ["c"]]) == ("b", "c")
    assert cover([]) == ()


def test_a_sample_comes_from_all_over() -> None:
    assert spread(["a", "b", "c", "d"], 2) == ["a", "c"]
    assert spread(["a"], 2) == ["a"]

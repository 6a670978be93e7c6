from __future__ import annotations

import pytest

from generator.config.detection import detect
from generator.config.layouts.versions import find_versions
from generator.config.looking import Looker


def told(path: str, text: str) -> tuple[str, str, tuple[str, ...]] | None:
    files = {path.format(e): text for e in ("staging", "prod")}
    found = find_versions(Looker(files, (), lambda name: files[name].encode()))
    if found is None:
        return None
    (source,) = found.model
    return source.template, source.components, source.artifact


@pytest.mark.parametrize(
    ("text", "components", "artifact"),
    [
        ("services: {api: {version: 1.2.0, replicas: 2}, web: {version: main}}", "services", ("version",)),
        ("apps: {api: 1.2.0, web: v3}", "apps", ()),
        ("images: {api: 'shop/api:main', web: 'shop/web@sha256:0a'}", "images", ()),
        ("api: 1.2.0\nweb: 0123abc", ".", ()),
        ("api: {tag: a}\nweb: {tag: b}", ".", ("tag",)),
    ],
)
def test_lists_of_versions(text: str, components: str, artifact: tuple[str, ...]) -> None:
    assert told("env/{}/versions.yaml", text) == ("env/{environment}/versions.yaml", components, artifact)


@pytest.mark.parametrize("path", ["versions-{}.yaml", "versions/{}.json", "{}.env", "deploy/{}/images.toml"])
def test_where_the_environment_may_stand(path: str) -> None:
    text = {"json": '{"api": "1.0", "web": "2.0"}'}.get(path.rpartition(".")[2], "api: '1.0'\nweb: '2.0'")
    text = text.replace(": ", " = ") if path.endswith((".toml", ".env")) else text
    assert told(path, text) == (path.replace("{}", "{environment}"), ".", ())


@pytest.mark.parametrize(
    "text",
    [
        "colour: red\nsize: 2",
        "api: 1.0",
        "kind: ConfigMap\napiVersion: v1",
        "services: {api: {colour: red}}",
        "- 1.0\n- 2.0",
        "image: shop\nport: 80",
        "",
    ],
)
def test_other_files_are_none(text: str) -> None:
    assert told("env/{}/x.yaml", text) is None


def test_compose_files_are_none() -> None:
    assert told("{}/docker-compose.yml", "services: {api: {image: 'a:1'}, web: {image: 'b:1'}}") is None


def test_one_broken_file_is_told_and_makes_it_less_sure() -> None:
    files = {"env/staging/v.yaml": "services: {api: 1.0.0}", "env/prod/v.yaml": "services: ["}
    found = detect(list(files), lambda path: files[path].encode())
    assert found.config is not None
    assert found.confidence == "likely"
    assert list(found.config.environments) == ["staging", "prod"]
    assert any(reason.startswith("Could not read `env/prod/v.yaml`") for reason in found.reasons)

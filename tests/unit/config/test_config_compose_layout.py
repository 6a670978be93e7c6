from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.detection import detect

if TYPE_CHECKING:
    from generator.config.detection import Detected


def look(*paths: str, tags: tuple[str, ...] = ()) -> Detected:
    found = detect(paths, lambda _: b"services: {api: {image: 'a:1'}}", (), (), tags)
    assert found.config is not None, found.reasons
    return found


def templates(found: Detected) -> tuple[str, ...]:
    assert found.config is not None
    (source,) = found.config.model
    assert source.reader == "compose"
    return source.templates


def test_files_for_environments_lie_over_the_common_one() -> None:
    found = look("deploy/docker-compose.yml", "deploy/docker-compose.staging.yml", "deploy/docker-compose.prod.yml")
    assert templates(found) == ("deploy/docker-compose.yml", "deploy/docker-compose.{environment}.yml")
    assert found.confidence == "sure"
    assert found.config is not None
    assert list(found.config.environments) == ["staging", "prod"]


def test_production_alone_lies_over_what_is_for_development() -> None:
    found = look("compose.yaml", "compose.prod.yaml")
    assert templates(found) == ("compose.yaml", "compose.{environment}.yaml")
    assert found.confidence == "likely"
    assert "which alone is taken to be for development" in " ".join(found.reasons)


def test_files_for_tests_make_no_environments() -> None:
    found = look(
        "docker-compose.yml", "docker-compose.test.yml", "docker-compose.dev.yml", "docker-compose.override.yml"
    )
    assert found.config is not None
    assert [e.path for e in found.config.environments.values()] == [("docker-compose.yml",)]
    assert found.confidence == "guess"


def test_a_file_in_the_folder_of_each_environment() -> None:
    found = look("staging/compose.yaml", "production/compose.yaml")
    assert found.config is not None
    assert {n: (e.path, e.reader) for n, e in found.config.environments.items()} == {
        "staging": (("staging/compose.yaml",), "compose"),
        "production": (("production/compose.yaml",), "compose"),
    }


def test_a_single_file_with_tags() -> None:
    found = look("docker-compose.yml", ".env", "examples/compose.yaml", tags=("1.0.0", "1.1.0", "1.2.0"))
    assert found.config is not None
    (environment,) = found.config.environments.values()
    assert (environment.path, environment.reader, environment.tags) == (("docker-compose.yml",), "compose", "*.*.*")
    assert "The `.env` beside it fills its variables." in found.reasons

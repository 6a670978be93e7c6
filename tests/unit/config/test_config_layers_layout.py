from __future__ import annotations

from typing import TYPE_CHECKING

from generator.config.detection import detect

if TYPE_CHECKING:
    from generator.config.detection import Detected
    from generator.config.schema import ModelSource

IMAGE = "main: {image: shop, version: '1.0'}"


def look(files: dict[str, str], former: tuple[str, ...] = ()) -> Detected:
    found = detect(list(files), lambda path: files[path].encode(), former)
    assert found.config is not None, found.reasons
    return found


def source(found: Detected) -> ModelSource:
    assert found.config is not None
    return found.config.model[0]


def services(
    *layers: str, names: tuple[str, ...] = ("api", "web", "jobs", "mail"), text: str = IMAGE
) -> dict[str, str]:
    return {f"svc/{name}/values{layer}.yaml": text for name in names for layer in layers}


def test_a_file_for_each_environment_over_the_common_one() -> None:
    found = look(services("", "-staging", "-prod"))
    assert source(found).templates == ("svc/{component}/values.yaml", "svc/{component}/values-{environment}.yaml")
    assert source(found).artifact == ("main.image", "main.version")
    assert found.confidence == "sure"


def test_plain_names_over_a_common_file_and_secrets_beside_them() -> None:
    names = ("config/common", "config/staging", "config/prod", "secrets/staging", "secrets/prod")
    found = look({f"hubs/{hub}/{name}.yaml": "hub: {image: {tag: '1'}}" for hub in ("eu", "us") for name in names})
    assert source(found).templates == (
        "hubs/{component}/config/common.yaml",
        "hubs/{component}/config/{environment}.yaml",
        "hubs/{component}/secrets/{environment}.yaml",
    )
    assert source(found).artifact == ("hub.image.tag",)


def test_unknown_names_that_go_together_are_production_sites() -> None:
    found = look(services("", "-staging", "-alpha", "-beta"))
    assert found.config is not None
    assert {n: (e.upstream, e.production) for n, e in found.config.environments.items()} == {
        "staging": ("", False),
        "alpha": ("staging", True),
        "beta": ("staging", True),
    }
    assert found.confidence == "likely"
    assert any("`alpha` and `beta` go together beside `staging`" in reason for reason in found.reasons)


def test_a_name_that_goes_with_no_other_or_stands_in_few_is_no_environment() -> None:
    few = services("-canary", "-extra", names=("api",))
    found = look(services("", "-staging", "-prod", "-migration") | few)
    assert found.config is not None
    assert list(found.config.environments) == ["staging", "prod"]
    found = look(services("", "-staging", "-migration") | services("-qa", names=("a", "b", "c", "d", "e")) | few)
    assert found.config is not None
    assert list(found.config.environments) == ["staging", "production"]


def test_names_that_say_what_a_file_is_about_are_no_sites() -> None:
    found = look(services("", "-staging", "-ingress", "-secrets"))
    assert found.config is not None
    assert list(found.config.environments) == ["staging", "production"]


def test_without_a_file_for_production_the_common_one_is_a_guess() -> None:
    found = look(services("", "-staging"))
    assert found.config is not None
    assert list(found.config.environments) == ["staging", "production"]
    assert found.confidence == "guess"
    assert any("Nothing is called production" in reason for reason in found.reasons)


def test_layers_that_name_no_artifact_say_so() -> None:
    found = look(services("", "-staging", "-prod", text="replicas: 2"))
    assert found.confidence == "guess"
    assert source(found).artifact == ()
    assert any("`artifact` is left to be written" in reason for reason in found.reasons)


def test_a_chart_is_rendered_where_all_that_it_needs_is_there() -> None:
    here = services("", "-staging", "-prod") | {
        f"svc/{n}/Chart.yaml": "name: x" for n in ("api", "web", "jobs", "mail")
    }
    chart = source(look(here))
    assert (chart.reader, chart.template, chart.values) == (
        "helm",
        "svc/{component}",
        ("svc/{component}/values-{environment}.yaml",),
    )
    needs = "name: x\ndependencies: [{name: redis, version: '1', repository: 'https://charts.example.org'}]"
    found = look(here | {"svc/api/Chart.yaml": needs})
    assert source(found).reader == "values"
    assert any("The chart `svc/api` needs `redis`" in reason for reason in found.reasons)
    assert source(look(here | {"svc/api/Chart.yaml": needs, "svc/api/charts/redis-1.tgz": ""})).reader == "helm"


def test_where_the_components_stood_before_is_a_second_entry() -> None:
    former = tuple(f"svc/staging/{name}/values.yaml" for name in ("api", "web", "jobs"))
    found = look(services("", "-staging", "-prod"), former)
    assert found.config is not None
    assert [s.template for s in found.config.model] == [
        "svc/{component}/values.yaml",
        "svc/{environment}/{component}/values.yaml",
    ]


def test_a_broken_layer_is_told_and_costs_nothing_more() -> None:
    found = look(services("", "-staging", "-prod") | {"svc/api/values.yaml": "a: [\n"})
    assert source(found).templates[0] == "svc/{component}/values.yaml"
    assert any(reason.startswith("Could not read `svc/api/values.yaml`") for reason in found.reasons)

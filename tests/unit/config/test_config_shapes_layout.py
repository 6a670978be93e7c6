from __future__ import annotations

from generator.config.layouts.shapes import best_shapes, environments_of


def paths_of(*places: str) -> dict[str, tuple[str, ...]]:
    environments, model = environments_of(best_shapes(places), "kustomize")
    assert model == ()
    return {name: environment.path for name, environment in environments.items()}


def templates_of(*places: str) -> list[str]:
    return [source.template for source in environments_of(best_shapes(places), "kustomize")[1]]


def test_folders_beside_each_other_are_paths_in_the_order_of_promotion() -> None:
    assert paths_of("overlays/prod", "overlays/staging", "base") == {
        "staging": ("overlays/staging",),
        "prod": ("overlays/prod",),
    }


def test_what_all_names_hold_beside_the_word_is_left_out() -> None:
    assert list(paths_of("o/prod/overlays/shop-dev", "o/prod/overlays/shop-production")) == ["dev", "production"]


def test_a_folder_inside_that_of_an_environment_is_part_of_it() -> None:
    places = [f"overlays/{e}{inner}" for e in ("staging", "prod") for inner in ("", "/jobs", "/jobs/nightly")]
    assert paths_of(*places) == {"staging": ("overlays/staging",), "prod": ("overlays/prod",)}


def test_components_are_told_by_a_template_on_either_side_of_the_environment() -> None:
    assert templates_of("apps/api/envs/prod", "apps/api/envs/stage", "apps/web/envs/prod") == [
        "apps/{component}/envs/{environment}"
    ]
    assert templates_of(*(f"envs/{e}/{c}" for e in ("prod", "stage") for c in ("api", "web"))) == [
        "envs/{environment}/{component}"
    ]


def test_a_second_place_of_the_same_environments_is_a_second_template() -> None:
    both = [f"{top}/{c}/{e}" for top in ("apps", "infra") for c in ("a", "b", "c") for e in ("prod", "stage")]
    assert templates_of(*both) == ["apps/{component}/{environment}", "infra/{component}/{environment}"]


def test_regions_inside_production_are_sites_of_their_own() -> None:
    assert paths_of("envs/staging", "envs/production/eu-west-1", "envs/production/us-east-1") == {
        "staging": ("envs/staging",),
        "production-eu-west-1": ("envs/production/eu-west-1",),
        "production-us-east-1": ("envs/production/us-east-1",),
    }


def test_sites_with_components_are_told_by_cluster() -> None:
    places = [f"envs/{e}/{c}" for e in ("staging", "prod/eu", "prod/us") for c in ("api", "web")]
    environments, model = environments_of(best_shapes(places), "kustomize")
    assert [source.template for source in model] == [
        "envs/{environment}/{cluster}/{component}",
        "envs/{environment}/{component}",
    ]
    assert {name: (e.environment, e.cluster) for name, e in environments.items()} == {
        "staging": ("", ""),
        "prod-eu": ("prod", "eu"),
        "prod-us": ("prod", "us"),
    }


def test_capital_letters_stay_in_paths_and_templates() -> None:
    assert paths_of("Envs/Staging", "Envs/Prod")["prod"] == ("Envs/Prod",)
    environments, _ = environments_of(best_shapes([f"Apps/{c}/{e}" for c in "ab" for e in ("Staging", "Prod")]), "helm")
    assert environments["prod"].environment == "Prod"


def test_production_alone_counts_and_a_word_beside_another_does_not() -> None:
    assert list(paths_of("deploy/production")) == ["production"]
    for places in (["deploy/prod-tools"], ["deploy/test"], ["deploy/api"], []):
        assert best_shapes(places) == []

from __future__ import annotations

from generator.config.layouts.former import with_former_places
from generator.config.looking import Looker
from generator.config.schema import Environment


def places(present: list[str], former: list[str], path: str = "k8s/prod") -> tuple[tuple[str, ...], list[str]]:
    looker = Looker(present, former, lambda _: b"")
    found, reasons = with_former_places(looker, {"prod": Environment(path=(path,))})
    return found["prod"].path, reasons


NOW = ["k8s/prod/api.yaml", "k8s/prod/web.yaml", "k8s/prod/new.yaml"]


def test_a_folder_that_is_gone_and_held_the_same_names_is_a_former_place() -> None:
    paths, reasons = places(NOW, ["old/production/api.yaml", "old/production/web.yaml", "old/production/x.yaml"])
    assert paths == ("k8s/prod", "old/production")
    assert reasons == [
        "`old/production`, gone by now, held files of the same names as `k8s/prod`: taken as a former place of `prod`."
    ]


def test_names_that_were_removed_since_count_too() -> None:
    former = ["old/prod/api.yaml", "old/prod/gone.yaml", "k8s/prod/gone.yaml"]
    assert places(NOW, former)[0] == ("k8s/prod", "old/prod")


def test_a_folder_that_is_still_there_of_another_stage_or_with_one_name_in_common_is_none() -> None:
    assert places([*NOW, "old/prod/rest.yaml"], ["old/prod/api.yaml", "old/prod/web.yaml"])[0] == ("k8s/prod",)
    assert places(NOW, ["old/staging/api.yaml", "old/staging/web.yaml"])[0] == ("k8s/prod",)
    assert places(NOW, ["old/prod/api.yaml"])[0] == ("k8s/prod",)


def test_a_folder_that_is_not_alike_enough_is_named_only() -> None:
    former = [f"old/prod/sub/{name}.yaml" for name in ("api", "web", "a", "b")]
    paths, reasons = places(NOW, former)
    assert paths == ("k8s/prod",)
    assert "`old/prod`, gone by now, may be a former place of `prod`" in reasons[0]
    assert "`path: [k8s/prod, old/prod]`" in reasons[0]

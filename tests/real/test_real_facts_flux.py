"""Kustomize overlays of Flux's HelmReleases: small enough to know every deployment by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from real import oracle_git, oracle_overlays
from support.evidence_facts import SAME, Facts, compare, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.real

NAMES = ("staging", "production")
RELEASE = "HelmRelease/podinfo"
BROKEN = {"staging": {"aa7edd9", "cf9ed8f"}, "production": set[str]()}
"""Commits at which Kustomize makes nothing of the overlay: its patch had no namespace, the object that it is for had.
`git checkout aa7edd9 && kubectl kustomize apps/staging` fails, as it does at `cf9ed8f`, and not at the fix `10beeda`.
"""


@pytest.fixture(scope="module")
def found(real_history: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts("flux-kustomize-helm", real_history, tmp_path_factory, "kustomize")


@pytest.fixture(scope="module")
def oracle(real_history: Callable[[str], Path]) -> dict[str, oracle_overlays.Overlay]:
    folders = [[f"apps/{name}"] for name in NAMES]
    overlays = oracle_overlays.follow(real_history("flux-kustomize-helm"), folders, "apps")
    return dict(zip(NAMES, overlays, strict=True))


def plain(fields: dict[str, str]) -> list[tuple[str, str]]:
    """Return settings without what names an item of a list, which each reader chooses by what it knows."""
    return sorted((re.sub(r"\[[^]]*\]", "[]", field), value) for field, value in fields.items())


@pytest.mark.parametrize(("name", "count"), [("staging", 11), ("production", 10)])
def test_the_base_belongs_to_both_overlays(
    name: str, count: int, found: Facts, real_history: Callable[[str], Path]
) -> None:
    """DEFINITIONS, "Deployment" and "redeploy": a commit that touches the overlay or its base is one of the two.

    `git rev-list --first-parent --count HEAD -- apps/staging apps/base` counts 13, two of which make nothing.
    """
    touching = oracle_git.chain(real_history("flux-kustomize-helm"), "HEAD", f"apps/{name}", "apps/base")
    expected = [c.id for c in touching if c.id[:7] not in BROKEN[name]]
    assert [d["commit"]["id"] for d in found.of(name)] == expected
    assert len(expected) == count


@pytest.mark.parametrize(("name", "unchanged"), [("staging", ["831e472", "4ce9d71"]), ("production", ["831e472"])])
def test_what_renders_the_same_is_a_redeploy(name: str, unchanged: list[str], found: Facts) -> None:
    """DEFINITIONS, "redeploy".

    `kubectl kustomize apps/staging` prints the same before and after `831e472` (patches written in another way) and
    `4ce9d71` (a namespace that the base has too).
    """
    assert [d["commit"]["id"][:7] for d in found.of(name) if d["kind"] == "redeploy"] == unchanged


@pytest.mark.parametrize("name", NAMES)
def test_the_release_is_the_base_with_its_patch(
    name: str, found: Facts, oracle: dict[str, oracle_overlays.Overlay]
) -> None:
    """DEFINITIONS, "Topology": every setting of the release, at every deployment."""
    states = {
        commit.id: plain(oracle_git.leaves(objects["HelmRelease", "podinfo"]["spec"], "spec"))
        for _, commit, objects in oracle[name].states
    }
    for deployment, now in found.states(name):
        told = {field: value for field, value in now[RELEASE].items() if field.startswith("spec.")}
        assert compare(plain(told), states[deployment["commit"]["id"]]) == SAME, deployment["id"]


def test_the_drift_is_what_the_two_patches_say(found: Facts) -> None:
    """DEFINITIONS, "Drift" and "Drift age": from the start of the current unbroken inequality.

    `diff <(kubectl kustomize apps/staging) <(kubectl kustomize apps/production)`. The chart's version and the test
    differ since staging could be rendered (`10beeda`); the host stands at another place since `d889edb`.
    """
    rows = {r["field"]: (r["upstream"], r["value"], r["since"][:7]) for r in found.environment("production")["drift"]}
    assert rows == {
        "spec.chart.spec.version": (">=1.0.0-alpha", ">=1.0.0", "10beeda"),
        "spec.test.enable": ("false", None, "10beeda"),
        "spec.values.httpRoute.hostnames[0]": ("podinfo.staging", "podinfo.production", "d889edb"),
    }


def test_a_setting_of_the_base_comes_to_both_at_once(found: Facts) -> None:
    """DEFINITIONS, "simultaneous": `git show ba03673 -m --first-parent -- apps/base` changes one value of the base."""
    at_once = found.at("production", "329420b")
    verdicts = {c["field"]: c["validation"] for c in at_once["changes"] if c["component"] == RELEASE and c["new"]}
    assert verdicts["spec.values.redis.tag"] == verdicts["spec.interval"] == "simultaneous"
    assert "HelmRepository/podinfo" in {c["component"] for c in at_once["changes"]}


def test_an_overlay_that_makes_nothing_is_told_and_the_next_one_goes_on(found: Facts) -> None:
    """Show that staging begins where it could be rendered first, and production two commits before."""
    assert {(u["environment"], u["commit"][:7]) for u in found.lost} == {("staging", "aa7edd9")}
    assert [found.of(name)[0]["commit"]["id"][:7] for name in NAMES] == ["10beeda", "aa7edd9"]

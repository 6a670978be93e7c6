"""Broken and hostile input in models that are rendered or laid in layers (rows 13, 26 and 28 to 37)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from support.engines import StandIn
from support.plain_git import commit_all, git, new_repository
from support.replay import Gathered, gathered, write_trees

from generator.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

ALIASES = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
MERGES = "m0: &m0 {k: v}\n" + "".join(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: v}}\n" for n in range(1, 26))
BAD = [
    pytest.param(ALIASES, "yaml-size", id="28 alias bomb"),
    pytest.param(MERGES, "yaml-size", id="29 merge-key bomb"),
    pytest.param("[" * 50_000, "yaml-depth", id="30 nested lists"),
    pytest.param("a: 1\na: 2\n", "yaml-duplicate-key", id="31 duplicate key"),
    pytest.param("a:\n\tb: 1\n", "yaml-syntax", id="34 tab"),
    pytest.param("a: !!python/object/apply:os.system [ls]\n", "yaml-tag", id="34 python object"),
    pytest.param("a: {{ .Values.a }}\n", "layer-template", id="35 template"),
    pytest.param("a: &a [*a]\n", "yaml-alias", id="37 alias to itself"),
]
LAYERS = """
environments: {production: }
model:
  - values: ["s/{component}/values.yaml", "s/{component}/values-{environment}.yaml"]
    artifact: tag
"""
KUSTOMIZE = "environments: {production: {path: app, reader: kustomize}}\n"


def _tags(found: Gathered) -> list[str | None]:
    return [c.new for d in found.of("production") for c in d.changes if c.aspect == "artifact"]


@pytest.mark.parametrize(("content", "code"), BAD)
def test_a_bad_layer_costs_its_component_at_that_commit_alone(content: str, code: str, tmp_path: Path) -> None:
    layer = "s/shop/values-production.yaml"
    base = {"s/shop/values.yaml": "tag: '1'\n", "s/cart/values.yaml": "tag: '1'\n"}
    bad = {**base, layer: content, "s/cart/values.yaml": "tag: '2'\n"}
    trees = [{**base, layer: "log: info\n"}, bad, {**base, layer: "log: info\ntag: '3'\n"}]
    begin = time.perf_counter()
    found = gathered(write_trees(tmp_path / "r", trees), tmp_path / "e", LAYERS)
    assert time.perf_counter() - begin < 20  # under 1 s on an idle machine
    assert _tags(found) == ["1", "1", "2", "1", "3"]
    (lost,) = [u for u in found.evidence.summary.unreadable if u.level == "unreadable"]
    assert (lost.code, lost.path) == (code, layer)
    assert found.outcome.exit_code is ExitCode.UNREADABLE


def test_raw_text_is_kept_through_layers(tmp_path: Path) -> None:
    raw = ["no", "010", "1:30", "3.10", "2001-99-99", "0x_", "1e3"]
    text = "".join(f"k{n}: {value}\n" for n, value in enumerate(raw))
    trees = [{"s/shop/values.yaml": text, "s/shop/values-production.yaml": "tag: 1.10\n"}]
    found = gathered(write_trees(tmp_path / "r", trees), tmp_path / "e", LAYERS)
    (component,) = found.evidence.components().values()
    values = {name: value for _, name, value in component.fields}
    assert [values[f"k{n}"] for n in range(len(raw))] == raw
    assert values["tag"] == "1.10"


def _app(manifest: str) -> dict[str, str | bytes]:
    return {"app/kustomization.yaml": "resources: [a.yaml]\n", "app/a.yaml": manifest}


def _manifest(image: str) -> str:
    pod = f"{{spec: {{containers: [{{name: web, image: '{image}'}}]}}}}"
    return f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: shop}}\nspec: {{template: {pod}}}\n"


@pytest.mark.parametrize("number", [0, 1, 2, 7])
def test_no_engine_is_given_a_bomb(number: int, tmp_path: Path) -> None:
    content, code = BAD[number].values
    trees = [_app(_manifest("shop:1")), _app(f"{_manifest('shop:2')}---\n{content}"), _app(_manifest("shop:3"))]
    engine = StandIn(tmp_path / "bin")
    begin = time.perf_counter()
    found = gathered(write_trees(tmp_path / "r", trees), tmp_path / "e", KUSTOMIZE, engines=engine.named)
    assert time.perf_counter() - begin < 20  # under 1 s on an idle machine
    assert (engine.calls, _tags(found)) == (2, ["shop:1", "shop:3"])
    (lost,) = found.evidence.summary.unreadable
    assert lost.code == code
    assert "app/a.yaml" in lost.reason


def test_of_three_rendered_documents_the_third_of_which_is_broken_two_are_known(tmp_path: Path) -> None:
    other = _manifest("cart:1").replace("name: shop", "name: cart")
    broken = f"{_manifest('shop:2')}---\n{other}---\nkind: [\n"
    trees = [_app(_manifest("shop:1")), _app(broken)]
    engine = StandIn(tmp_path / "bin")
    found = gathered(write_trees(tmp_path / "r", trees), tmp_path / "e", KUSTOMIZE, engines=engine.named)
    assert set(_tags(found)) >= {"shop:1"}
    (lost,) = found.evidence.summary.unreadable
    assert (lost.environment, lost.path) == ("production", "app/kustomization.yaml")
    assert found.outcome.exit_code is ExitCode.UNREADABLE


@pytest.mark.parametrize("config", [LAYERS, KUSTOMIZE], ids=["layers", "kustomize"])
def test_a_missing_object_costs_what_it_touches(config: str, tmp_path: Path) -> None:
    trees = [
        {
            **_app(_manifest(f"shop:{n}")),
            "s/shop/values.yaml": f"tag: 'shop:{n}'\n",
            "s/shop/values-production.yaml": "a: 1\n",
        }
        for n in (1, 2, 3)
    ]
    repository = write_trees(tmp_path / "r", trees)
    path = "app/a.yaml" if config == KUSTOMIZE else "s/shop/values.yaml"
    blob = git(repository, "rev-parse", f"HEAD~1:{path}")
    git(repository, "unpack-objects", check=False)
    packs = list((repository / ".git" / "objects" / "pack").glob("*.pack"))
    for pack in packs:
        data = pack.read_bytes()
        for file in pack.parent.glob(f"{pack.stem}.*"):
            file.unlink()
        git(repository, "unpack-objects", "-q", data=data)
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    engine = StandIn(tmp_path / "bin")
    found = gathered(repository, tmp_path / "e", config, engines=engine.named)
    assert _tags(found) == ["shop:1", "shop:3"]
    lost = [u for u in found.evidence.summary.unreadable if u.level == "unreadable"]
    assert {u.code for u in lost} == {"missing-object"}


def test_a_layer_that_is_a_link_is_never_followed(tmp_path: Path) -> None:
    repository = new_repository(tmp_path / "r")
    (repository / "s" / "shop").mkdir(parents=True)
    (repository / "s" / "shop" / "values.yaml").write_text("tag: '1'\n")
    (repository / "s" / "shop" / "values-production.yaml").symlink_to("/etc/passwd")
    commit_all(repository)
    found = gathered(repository, tmp_path / "e", LAYERS)
    assert found.of("production") == []
    (lost,) = found.evidence.summary.unreadable
    assert (lost.code, lost.path) == ("symlink", "s/shop/values-production.yaml")

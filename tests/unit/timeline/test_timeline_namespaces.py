"""What goes by one name in several namespaces: who has the bare name, and that histories go on."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.manifests import CONFIG, deployment
from support.replay import Gathered, gathered, write_trees

from generator.timeline.namespaces import Namespaces


def _ids(names: Namespaces, *spaces: str, before: str | None = None, crowd: dict[str, int] | None = None) -> list[str]:
    found = names.ids("web", sorted(spaces), before, lambda: crowd or {})
    return [found[space] for space in spaces]


def test_one_alone_has_the_bare_name_wherever_it_moves() -> None:
    names = Namespaces()
    assert _ids(names, "shop") == ["web"]
    assert _ids(names, "other", before="shop") == ["web"]
    assert not names.known("web")


def test_the_first_keeps_the_bare_name_and_the_second_its_own() -> None:
    names = Namespaces()
    assert _ids(names, "shop", "jobs", before="shop") == ["web", "jobs/web"]
    assert _ids(names, "shop", "jobs", "", before="shop") == ["web", "jobs/web", "default/web"]
    assert _ids(names, "jobs", before="shop") == ["jobs/web"], "it stood there by this id"
    assert _ids(names, "shop", "jobs") == ["web", "jobs/web"], "back again"


def test_a_namespace_that_is_renamed_keeps_the_bare_name() -> None:
    names = Namespaces()
    _ids(names, "shop", "jobs", before="shop")
    assert _ids(names, "shop-2", "jobs", before="shop") == ["web", "jobs/web"]
    assert _ids(names, "shop", "shop-2", "jobs", before="shop-2") == ["shop/web", "web", "jobs/web"]


def test_of_those_that_come_at_once_the_fullest_namespace_wins_and_then_goes_on_winning() -> None:
    names = Namespaces()
    assert _ids(names, "a", "b", crowd={"a": 1, "b": 2}) == ["a/web", "web"]
    assert names.ids("api", ["a", "b"], None, lambda: {"a": 3, "b": 1}) == {"a": "a/api", "b": "api"}
    assert _ids(Namespaces(), "b", "a") == ["b/web", "web"]


def test_the_word_for_the_environment_is_no_part_of_the_id() -> None:
    assert _ids(Namespaces(), "shop-staging", "jobs-staging", before="shop-staging") == ["web", "jobs/web"]
    assert _ids(Namespaces(), "shop", "jobs", before="shop") == ["web", "jobs/web"]
    assert _ids(Namespaces(), "shop", "staging", before="shop") == ["web", "staging/web"]


def test_no_two_get_the_same_id() -> None:
    spaces = ["shop", "", "default", "jobs", "jobs-dev", "jobs-prod", "job", "external"]
    found = _ids(Namespaces(), *spaces, before="shop")
    assert len(set(found)) == len(spaces)
    assert {"job/web", "external/web"}.isdisjoint(found), "these are ids of other things"


def _in(namespace: str, image: str) -> str:
    return deployment("web", image).replace("{name: web}", f"{{name: web, namespace: {namespace}}}", 1)


def _gathered(tmp_path: Path, *trees: dict[str, str]) -> Gathered:
    named = [{f"deploy/{name}.yaml": text for name, text in tree.items()} for tree in trees]
    return gathered(write_trees(tmp_path / "repository", named), tmp_path / "evidence", CONFIG)


def test_the_history_of_the_first_goes_on_when_another_comes_and_when_it_goes(tmp_path: Path) -> None:
    first = {"a": _in("shop", "web:1")}
    found = _gathered(
        tmp_path,
        first,
        {**first, "b": _in("jobs", "web:5")},
        {"a": _in("shop", "web:2"), "b": _in("jobs", "web:5")},
        {"a": _in("shop", "web:1"), "b": _in("jobs", "web:5")},
        {"a": _in("shop", "web:1")},
    )
    assert found.kinds("production") == ["initial", "forward", "forward", "rollback", "forward"]
    told = [sorted({c.component for c in d.changes}) for d in found.deployments]
    assert told == [["web"], ["jobs/web"], ["web"], ["web"], ["jobs/web"]]


def test_staging_and_production_are_paired_although_their_namespaces_have_other_names(tmp_path: Path) -> None:
    config = "environments:\n  staging: {path: s}\n  production: {path: p, upstream: staging, production: true}\n"

    def tree(image: str, other: str) -> dict[str, str]:
        return {
            "s/a.yaml": _in("shop-staging", "web:2"),
            "s/b.yaml": _in("jobs-staging", "web:9"),
            "s/c.yaml": deployment("api").replace("{name: api}", "{name: api, namespace: shop-staging}", 1),
            "p/a.yaml": _in("shop", image),
            "p/b.yaml": _in("jobs", other),
            "p/c.yaml": deployment("api").replace("{name: api}", "{name: api, namespace: shop}", 1),
        }

    repository = write_trees(tmp_path / "repository", [tree("web:1", "web:8"), tree("web:2", "web:9")])
    found = gathered(repository, tmp_path / "evidence", config)
    last = found.of("production")[-1]
    assert [(c.component, c.validation) for c in last.changes] == [("jobs/web", "promoted"), ("web", "promoted")]
    assert [len(e.drift) for e in found.evidence.summary.environments] == [0, 0]


def test_one_object_in_two_files_of_a_namespace_is_still_a_duplicate(tmp_path: Path) -> None:
    tree = {"a": _in("shop", "web:1"), "b": _in("jobs", "web:5"), "c": _in("jobs", "web:6")}
    (summary,) = _gathered(tmp_path, tree).evidence.summary.environments
    assert [f.subject for f in summary.findings if f.rule == "duplicate-resource"] == ["web"]
    assert summary.components == 2


Standing = tuple[str, str, str]
"""Namespace, name and image of the workload in one file."""
EDITS = st.tuples(
    st.sampled_from(["one", "two", "three"]),
    st.none() | st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(["web", "api"]), st.sampled_from("123")),
)


def _manifest(standing: Standing) -> str:
    space, name, _ = standing
    text = deployment(name, _image(standing))
    return text.replace(f"{{name: {name}}}", f"{{name: {name}, namespace: '{space}'}}", 1)


@given(st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=1, max_size=8))
@settings(max_examples=20, deadline=None)
def test_whatever_comes_and_goes_each_object_stands_once(commits: list[list[tuple[str, Standing | None]]]) -> None:
    files: dict[str, Standing] = {}
    trees = []
    for number, edits in enumerate(commits):
        for file, standing in edits:
            files = {**{f: s for f, s in files.items() if f != file}, **({file: standing} if standing else {})}
        manifests = {f"deploy/{file}.yaml": _manifest(standing) for file, standing in files.items()}
        trees.append({"README": str(number), "deploy/zero.yaml": "# none\n", **manifests})
    expected = {files[file][:2]: _image(files[file]) for file in sorted(files)}
    with tempfile.TemporaryDirectory() as name:
        repository = write_trees(Path(name) / "repository", trees)
        (summary,) = gathered(repository, Path(name) / "evidence", CONFIG).evidence.summary.environments
    assert sorted(cell.artifact for cell in summary.cells) == sorted(expected.values())
    if summary.cells:
        lines = sorted(f"{cell.component}\0{cell.digest}\n".encode() for cell in summary.cells)
        assert summary.digest == hashlib.sha256(b"".join(lines)).hexdigest()


def _image(standing: Standing) -> str:
    space, name, tag = standing
    return f"{space or 'none'}-{name}:{tag}"

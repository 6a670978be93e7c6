"""Units of a tree: roots that come, go, move and lie in each other, and trees as no checkout has them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from generator.history.commits import Commit, FileChange
from generator.readers.reader import Plan, Reading, Unit
from generator.rendering.jobs import InputFile
from generator.timeline.planning import TreeUnits
from generator.timeline.sources import RootSource
from generator.timeline.trees import CommitTree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.errors import Unreadable
    from generator.readers.reader import Mask, SourceFile, Tree
    from generator.rendering.jobs import Rendered


class Contents:
    """Contents that are their own object ids."""

    def get(self, blob: str, path: str) -> bytes | Unreadable:
        del path
        return blob.encode()


class Folders:
    """A reader whose root is a folder with a file `root`, and whose unit is every file below it."""

    name = "folders"
    whole_environment = False

    def __init__(self, folder: str | None = None) -> None:
        """Look at `folder` too."""
        self.folder = folder
        self.planned = 0

    def accepts(self, path: str) -> bool:
        return path == "root" or path.endswith("/root")

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        raise NotImplementedError

    def root(self, path: str) -> str | None:
        return path.removesuffix("root").rstrip("/") if self.accepts(path) else None

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        del unit
        self.planned += 1
        paths = {*tree.files(root), *(tree.files(self.folder) if self.folder is not None else ())}
        return Plan(tuple(InputFile(path, tree.blob(path)) for path in sorted(paths)))

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        raise NotImplementedError


def _units(reader: Folders, path: str = ".") -> TreeUnits:
    return TreeUnits([RootSource(0, "e", path, reader, 0, ())], Contents(), lambda _: "1")


def _step(before: Mapping[str, str], after: Mapping[str, str]) -> Commit:
    """Return the commit between two trees of files, as git tells it: sorted by path."""
    changes = tuple(
        FileChange(path, "100644" if path in after else "000000", after.get(path, ""))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )
    return Commit("c", (), 0, "", "", changes)


def _standing(units: TreeUnits, trees: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return name → key of the units that stand after the last of `trees`."""
    found: dict[str, str] = {}
    before: Mapping[str, str] = {}
    for tree in trees:
        changes, planned = units.take(_step(before, tree))
        assert {p.path for p in planned} == {c.path for c in changes if c.blob}
        for change in changes:
            name = change.path.partition("//")[0]
            if change.blob:
                found[name] = change.blob
            else:
                del found[name]
        before = tree
    return found


def test_whatever_came_before_a_tree_has_the_units_that_it_has_by_itself() -> None:
    draw = random.Random(7)  # noqa: S311 - the same trees each time
    places = ["root", "a/root", "a/b/root", "a/b/c", "a/b/c/root", "a/x", "d/root", "d", "d/e/f/root", "a"]
    trees: list[dict[str, str]] = []
    for _ in range(300):
        tree: dict[str, str] = {}
        for path in draw.sample(places, 4):
            if not any(p.startswith(f"{path}/") or path.startswith(f"{p}/") for p in tree):
                tree[path] = str(draw.randint(1, 3))
        trees.append(tree)
        assert _standing(_units(Folders()), trees[-20:]) == _standing(_units(Folders()), [tree])


def test_a_root_that_becomes_a_file_is_gone_and_comes_back() -> None:
    units = _units(Folders())
    first = {"app/root": "1", "app/sub/x": "1"}
    assert _standing(units, [first, {"app": "1"}]) == {}
    assert _standing(_units(Folders()), [first, {"app": "1"}, first]) == _standing(_units(Folders()), [first])


@pytest.mark.parametrize("whole", ["", "."])
def test_a_unit_that_looks_at_the_whole_tree_is_planned_again_with_each_change(whole: str) -> None:
    reader = Folders(whole)
    before = _standing(_units(reader), [{"app/root": "1"}])
    assert _standing(_units(reader), [{"app/root": "1"}, {"app/root": "1", "elsewhere": "1"}]) != before


def test_the_cost_of_a_root_does_not_grow_with_the_number_of_others() -> None:
    reader = Folders()
    units = _units(reader)
    tree = {f"apps/a{number}/root": "1" for number in range(3000)}
    units.take(_step({}, tree))
    assert reader.planned == 3000
    units.take(_step(tree, tree | {"apps/one/root": "1", "apps/a7/x": "1"}))
    assert reader.planned == 3002


def test_folders_nested_deeper_than_calls_can_be() -> None:
    tree = CommitTree(Contents())
    deep = "/".join(["a"] * 5000)
    tree.apply(FileChange(f"{deep}/x", "100644", "1"))
    tree.apply(FileChange("b", "100644", "1"))
    assert list(tree.below("")) == [f"{deep}/x", "b"]
    tree.apply(FileChange(f"{deep}/x", "000000", ""))
    assert list(tree.below("")) == ["b"]

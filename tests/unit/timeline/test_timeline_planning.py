from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from generator.history.commits import Commit, FileChange
from generator.readers.reader import Plan, Reading, Unit
from generator.rendering.jobs import InputFile, Job
from generator.timeline.planning import TreeUnits
from generator.timeline.sources import RootSource
from generator.timeline.trees import CommitTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.errors import Unreadable
    from generator.readers.reader import Mask, SourceFile, Tree
    from generator.rendering.jobs import Rendered


class Contents:
    """Contents that are their own object ids."""

    def get(self, blob: str, path: str) -> bytes | Unreadable:
        del path
        return blob.encode()


class Lines:
    """A reader whose root is a folder with a file `list`, each line of which names a file that belongs to it."""

    name = "lines"
    whole_environment = False
    planned: ClassVar[list[str]] = []

    def accepts(self, path: str) -> bool:
        return path.endswith("/list")

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        raise NotImplementedError

    def root(self, path: str) -> str | None:
        return path.removesuffix("/list") if path.endswith("/list") else None

    def plan(self, unit: Unit, root: str, tree: Tree) -> Plan:
        del unit
        self.planned.append(root)
        data = tree.read(f"{root}/list")
        names = data.decode().split("+") if isinstance(data, bytes) else []
        if "broken" in names:
            raise ValueError(names)
        found = [InputFile(f"{root}/list", tree.blob(f"{root}/list"))]
        found += [InputFile(name, tree.blob(name)) for name in names if tree.blob(name)]
        return Plan(tuple(sorted(found)), Job("engine", root, tuple(sorted(found))))

    def read_tree(
        self, unit: Unit, root: str, plan: Plan, files: Sequence[SourceFile], rendered: Rendered | None, mask: Mask
    ) -> Reading:
        raise NotImplementedError


def _commit(**files: str) -> Commit:
    changes = tuple(
        FileChange(path.replace("__", "/"), "100644" if blob else "000000", blob) for path, blob in files.items()
    )
    return Commit("c", (), 0, "", "", changes)


@pytest.fixture
def units() -> TreeUnits:
    Lines.planned.clear()
    sources = [RootSource(0, name, name, Lines(), 0, ()) for name in ("staging", "production")]
    return TreeUnits(sources, Contents(), lambda name: f"{name} 1")


def _take(units: TreeUnits, **files: str) -> list[tuple[str, bool]]:
    changes, planned = units.take(_commit(**files))
    assert {c.blob for c in changes if c.blob} == {p.key for p in planned}
    return [(change.path.partition("//")[0], bool(change.blob)) for change in changes]


def test_a_unit_changes_only_with_what_its_plan_looked_at(units: TreeUnits) -> None:
    assert _take(units, staging__list="base/a+gone", base__a="1", base__b="1") == [("staging", True)]
    assert _take(units, base__b="2", other="3") == []
    assert Lines.planned == ["staging"]
    assert _take(units, base__a="2") == [("staging", True)]
    # A file that was looked for and absent, and comes.
    assert _take(units, gone="1") == [("staging", True)]
    assert _take(units, gone="") == [("staging", True)]


def test_what_a_unit_no_longer_looks_at_does_not_touch_it(units: TreeUnits) -> None:
    _take(units, staging__list="base/a", base__a="1")
    _take(units, staging__list="base/b", base__b="1")
    before = list(Lines.planned)
    assert _take(units, base__a="2") == []
    assert Lines.planned == before


def test_a_plan_that_comes_to_the_same_is_no_change(units: TreeUnits) -> None:
    _take(units, staging__list="base/a", base__a="1")
    first = units.take(_commit(base__a="2"))[0][0].blob
    again = units.take(_commit(base__a="1"))[0][0].blob
    assert first != again
    assert units.take(_commit(base__a="1"))[0] == []


def test_a_root_goes_with_its_file(units: TreeUnits) -> None:
    _take(units, staging__list="x", production__list="x")
    assert _take(units, staging__list="") == [("staging", False)]
    assert _take(units, staging__list="x") == [("staging", True)]


def test_only_the_topmost_root_counts_and_the_next_one_where_that_goes() -> None:
    units = TreeUnits([RootSource(0, "e", "apps", Lines(), 0, ())], Contents(), lambda name: name)
    assert _take(units, apps__one__list="x", apps__two__list="x") == [("apps/one", True), ("apps/two", True)]
    assert _take(units, apps__list="x") == [("apps", True), ("apps/one", False), ("apps/two", False)]
    assert _take(units, apps__list="") == [("apps", False), ("apps/one", True), ("apps/two", True)]


def test_the_engine_is_part_of_the_name_of_what_it_renders() -> None:
    keys = set()
    for version in ("1", "2", ""):
        sources = [RootSource(0, "e", "apps", Lines(), 0, ())]
        units = TreeUnits(sources, Contents(), version.__add__)
        keys.add(units.take(_commit(apps__list="x"))[0][0].blob)
    assert len(keys) == 3


def test_a_reader_that_fails_costs_its_unit_and_its_words_are_not_told(units: TreeUnits) -> None:
    _, (planned,) = units.take(_commit(staging__list="broken"))
    assert [p.code for p in planned.plan.problems] == ["reader-fault"]
    assert "broken" not in planned.plan.problems[0].reason
    assert _take(units, staging__list="base/a") == [("staging", True)]


def test_the_tree_follows_files_folders_and_links() -> None:
    tree = CommitTree(Contents())
    for change in (
        FileChange("a/b/c", "100644", "1"),
        FileChange("a/b-c", "100755", "2"),
        FileChange("a/link", "120000", "3"),
        FileChange("a/module", "160000", "4"),
        FileChange("z", "100644", "5"),
    ):
        tree.apply(change)
    view = tree.looking()
    assert view.files("a") == ("a/b-c", "a/b/c")
    assert view.files("") == view.files(".") == ("a/b-c", "a/b/c", "z")
    assert [view.mode(p) for p in ("a", "a/b-c", "a/link", "a/module", "no", "z/x")] == [
        "040000",
        "100755",
        "120000",
        "160000",
        "",
        "",
    ]
    assert (view.blob("a/b/c"), view.blob("a/link"), view.blob("a"), view.read("z"), view.read("a/no")) == (
        ("1", "", "", b"5", None)
    )
    assert view.paths >= {"a", "", "a/link", "a/no", "z/x"}
    # A folder becomes a file; git tells of the file that came and of those that went, in any order.
    tree.apply(FileChange("a/b", "100644", "6"))
    tree.apply(FileChange("a/b/c", "000000", ""))
    assert view.files("a") == ("a/b", "a/b-c")
    tree.apply(FileChange("a/b", "000000", ""))
    for path in ("a/b-c", "a/link", "a/module"):
        tree.apply(FileChange(path, "000000", ""))
    assert view.mode("a") == ""

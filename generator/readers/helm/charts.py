"""What a chart says of itself, and the files that rendering it takes: its folder, and local charts that it names."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.documents.formats import parse
from generator.documents.tree import Node, Scalar, find, items, text
from generator.errors import Place, Unreadable, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.readers.reader import Tree

CHART_FILE = "Chart.yaml"
REQUIREMENTS = "requirements.yaml"
LOCKS = ("Chart.lock", "requirements.lock")
VALUES_FILE = "values.yaml"
_LOCAL = "file://"
_LINK = "120000"
_SUBMODULE = "160000"
_DEEPEST = 10
"""Charts that may depend on one another in a row by their folders."""
_LEADING = (CHART_FILE, VALUES_FILE, "templates", "charts")
"""What a chart can't do without, where it is a link."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """A chart that another one names."""

    name: str
    version: str
    """Range of versions, as written."""
    repository: str
    place: Place
    conditions: tuple[str, ...] = ()
    """Paths of values that switch it on or off; the first one that is there decides."""
    tags: tuple[str, ...] = ()
    """Names below `tags` in the values, where no condition decides."""

    def __str__(self) -> str:
        """Return name and version for a sentence."""
        return one_line(f"{self.name} {self.version}".strip(), 100)


@dataclass(frozen=True, slots=True)
class Chart:
    """What stands in a chart's own files."""

    name: str
    version: str
    app_version: str
    library: bool
    """True where it holds only what other charts use, and is never deployed."""
    dependencies: tuple[Dependency, ...]
    locked: dict[str, str]
    """Name of a dependency → the version that the lock file fixes."""
    lines: dict[str, int]


@dataclass(slots=True)
class Closure:
    """The files of a chart and of the local charts that it depends on."""

    files: set[str] = field(default_factory=set)
    places: list[tuple[str, str]] = field(default_factory=list)
    """Local charts: (folder, where it goes inside the chart), outer ones first."""
    missing: list[tuple[Dependency, str]] = field(default_factory=list)
    """Dependencies that are not there, each with what is known about why."""
    absent: list[str] = field(default_factory=list)
    """Names of dependencies that are not there, and that the values switch off."""
    problems: list[Unreadable] = field(default_factory=list)


def below(folder: str, name: str) -> str:
    """Return the path of `name` in `folder`, which is empty for the top of the repository."""
    return f"{folder}/{name}" if folder else name


def read_chart(folder: str, read: Callable[[str], bytes | Unreadable | None]) -> Chart | Unreadable:
    """Return what the chart in `folder` says of itself; `read` gives the content of a path, `None` where there is none.

    Never raises for what a file holds.
    """
    path = below(folder, CHART_FILE)
    root = _root(path, read)
    if isinstance(root, Unreadable):
        return root
    if root is None:
        return Unreadable("chart", "values of a chart, but there is no chart here", Place(path))
    if not text(root, "name"):
        return Unreadable("chart", "a chart without a name", Place(path, root.line), "give it a `name`")
    found = list(_dependencies(root, path))
    wanted = below(folder, REQUIREMENTS)
    older = _root(wanted, read)
    if isinstance(older, Unreadable):
        return older
    if older is not None:
        found = list(_dependencies(older, wanted))
    locked: dict[str, str] = {}
    for name in LOCKS:
        lock = _root(below(folder, name), read)
        for item in items(lock, "dependencies") if lock is not None and not isinstance(lock, Unreadable) else []:
            locked[text(item, "name")] = text(item, "version")
    lines = getattr(root, "lines", {})
    is_library = text(root, "type") == "library"
    name, version, app_version = (text(root, key).strip() for key in ("name", "version", "appVersion"))
    return Chart(name, version, app_version, is_library, tuple(found), locked, lines)


def _root(path: str, read: Callable[[str], bytes | Unreadable | None]) -> Node | Unreadable | None:
    data = read(path)
    if data is None or isinstance(data, Unreadable):
        return data
    documents = parse(data, path)
    if documents.problem:
        return documents.problem
    return documents.roots[0] if documents.roots else None


def _dependencies(root: Node, path: str) -> Iterator[Dependency]:
    for item in items(root, "dependencies"):
        name = text(item, "name")
        if name:
            conditions = tuple(part.strip() for part in text(item, "condition").split(",") if part.strip())
            tags = tuple(tag.text for tag in items(item, "tags") if isinstance(tag, Scalar))
            place = Place(path, item.line)
            yield Dependency(name, text(item, "version"), text(item, "repository"), place, conditions, tags)


def is_off(dependency: Dependency, values: Node) -> bool:
    """Return whether the merged `values` switch a dependency off, as Helm does: by what is true or false alone."""
    for condition in dependency.conditions:
        switch = _switch(find(values, *condition.split(".")))
        if switch is not None:
            return not switch
    tags = {_switch(find(values, "tags", tag)) for tag in dependency.tags}
    return False in tags and True not in tags


def _switch(node: Node | None) -> bool | None:
    """Return the truth that a value stands for in Helm, which reads YAML 1.1; `None` where it is none."""
    if not isinstance(node, Scalar) or not node.plain:
        return None
    word = node.text.lower() if node.text in {node.text.lower(), node.text.upper(), node.text.capitalize()} else ""
    return True if word in {"true", "yes", "on", "y"} else False if word in {"false", "no", "off", "n"} else None


def close(root: str, tree: Tree, values: Node | None = None) -> Closure:
    """Return what rendering the chart in `root` takes; links are not followed and nothing outside is looked at.

    `values` are the chart's, merged, by which dependencies that are not there may turn out to be switched off; none
    where they are not known in full.
    """
    found = Closure()
    _walk(found, tree, root, "", ())
    chart = read_chart(root, tree.read)
    own = chart.dependencies if isinstance(chart, Chart) else ()
    for one in list(found.missing):
        if values is not None and one[0] in own and is_off(one[0], values):
            found.missing.remove(one)
            found.absent.append(one[0].name)
    return found


def _walk(found: Closure, tree: Tree, folder: str, place: str, way: tuple[str, ...]) -> None:
    """Add the chart in `folder`, which goes to `place` inside the root's; `way` are the folders that led here."""
    found.files.update(tree.files(folder))
    for name in _LEADING:
        path = below(folder, name)
        if tree.mode(path) == _LINK:
            reason = "a part of a chart that is a symbolic link; links are never followed"
            found.problems.append(Unreadable("symlink", reason, Place(path), "commit the file itself"))
    chart = read_chart(folder, tree.read)
    if isinstance(chart, Unreadable):
        found.problems.append(chart)
        return
    for dependency in chart.dependencies:
        if _is_vendored(tree, folder, dependency.name):
            continue
        local = _local_folder(tree, folder, dependency)
        target = below(place, f"charts/{dependency.name}")
        if not isinstance(local, str):
            found.missing.append((dependency, local[0]))
        elif local in (*way, folder) or len(way) >= _DEEPEST:
            found.missing.append((dependency, "charts that depend on one another in a circle"))
        else:
            found.places.append((local, target))
            _walk(found, tree, local, target, (*way, folder))


def _is_vendored(tree: Tree, folder: str, name: str) -> bool:
    """Return whether `charts/` holds a chart of that name, unpacked or packed."""
    charts = below(folder, "charts")
    packed = re.compile(rf"{re.escape(name)}-v?\d[^/]*\.tgz")
    for path in tree.files(charts):
        inside = path[len(charts) + 1 :]
        if packed.fullmatch(inside) or inside == f"{name}.tgz":
            return True
        part, _, rest = inside.partition("/")
        # The folder is called as the chart nearly always, but it is the chart's own name that counts.
        if rest == CHART_FILE and (part == name or _name_of(tree, path) == name):
            return True
    return False


def _name_of(tree: Tree, path: str) -> str:
    root = _root(path, tree.read)
    return "" if root is None or isinstance(root, Unreadable) else text(root, "name")


def _local_folder(tree: Tree, folder: str, dependency: Dependency) -> str | tuple[str]:
    """Return the folder of a `file://` dependency, or, in a tuple, why there is none that can be taken."""
    if not dependency.repository.startswith(_LOCAL):
        vendored = below(folder, f"charts/{dependency.name}")
        kinds = {_LINK: "a symbolic link, which is not followed", _SUBMODULE: "a submodule, which is not fetched"}
        found = kinds.get(tree.mode(vendored), "")
        return (f"{vendored} is {found}" if found else "",)
    way = dependency.repository.removeprefix(_LOCAL)
    path = posixpath.normpath(posixpath.join(folder, way))
    if way.startswith("/") or path == ".." or path.startswith("../") or not path.isprintable():
        return ("it is outside of the repository",)
    path = "" if path == "." else path
    if not tree.blob(below(path, CHART_FILE)):
        return (f"there is no chart in {one_line(path, 200)}",)
    return path

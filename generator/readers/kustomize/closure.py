"""Everything that the engine would read for one kustomization, followed from file to file without running it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from generator.errors import Place, Unreadable
from generator.readers.kustomize.contents import Contents, Use
from generator.readers.kustomize.entries import contents_of, plugin_folder_of, plugins_of
from generator.readers.kustomize.locks import SOPS, lock_of
from generator.readers.kustomize.paths import KUSTOMIZATION_FILES, inside, is_remote, is_web, parents, resolved

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.readers.kustomize.contents import Named
    from generator.readers.reader import Tree

    _Reading = Callable[[bytes, str], Contents]

MOST_FILES = 20_000
"""Files of one rendering; the largest closure met has some hundreds."""
_FOLDERS = frozenset({Use.RESOURCE, Use.COMPONENT, Use.PLUGIN})
"""Uses in which a folder may be named."""
_FOLDER, _LINK, _SUBMODULE = "040000", "120000", "160000"


class Missing(NamedTuple):
    """A file that is named and does not stand in the repository, or stands there encrypted."""

    path: str
    uses: frozenset[Use]
    """Every way in which it is named; what stands in for it is made for one alone."""
    place: Place
    """Where it is named first."""
    lock: str = ""
    """What it is encrypted by; empty where no file stands at the path."""


@dataclass
class Closure:
    """What following a kustomization found."""

    files: dict[str, str] = field(default_factory=dict)
    """Path → blob of everything that the engine reads and that is readable."""
    resources: set[str] = field(default_factory=set)
    """Those of them that hold manifests."""
    missing: dict[str, Missing] = field(default_factory=dict)
    """By path."""
    contents: list[Contents] = field(default_factory=list)
    """What each kustomization and each file of plugin configs names."""
    problems: list[Unreadable] = field(default_factory=list)
    above: bool = False
    """True where a file is taken from above the folder of its kustomization."""


def follow(root: str, tree: Tree, parsed: Parsed) -> Closure:
    """Return what rendering the folder `root` takes; `parsed` keeps what was read before."""
    walk = _Walk(tree, parsed)
    walk.folder(_From(root, root), Place(root), Use.RESOURCE)
    while walk.waiting and max(len(walk.found.files), len(walk.seen)) <= MOST_FILES:
        walk.folder(*walk.waiting.pop())
    if walk.waiting:
        walk.found.problems.append(Unreadable("too-large", f"more than {MOST_FILES} files to render", Place(root)))
    return walk.found


class Parsed:
    """What is known of files by the ids of their blobs: most commits leave most of them as they are."""

    KEPT = 4096
    LOCKS = 20_000

    def __init__(self) -> None:
        """Start with none."""
        self._locks: dict[str, str] = {}
        self._known: dict[tuple[_Reading, str, str], Contents] = {}

    def get(self, read: _Reading, path: str, tree: Tree) -> Contents | Unreadable:
        """Return what the file at `path` names when it is taken for what `read` reads."""
        key = (read, path, tree.blob(path))
        found = self._known.get(key)
        if found is None:
            data = tree.read(path)
            if not isinstance(data, bytes):
                return data or Unreadable("kustomize-missing", f"{path} can't be read", Place(path))
            found = read(data, path)
            if len(self._known) >= self.KEPT:
                self._known.clear()
            self._known[key] = found
        return found

    def lock(self, path: str, tree: Tree) -> str:
        """Return what a file is encrypted by, as a whole; empty where it is readable."""
        blob = tree.blob(path)
        found = self._locks.get(blob)
        if found is None:
            data = tree.read(path)
            if not isinstance(data, bytes):
                return ""
            found = lock_of(data)
            if len(self._locks) >= self.LOCKS:
                self._locks.clear()
            self._locks[blob] = found
        return found


class _From(NamedTuple):
    """From where the paths in a file start."""

    folder: str
    """That of the kustomization."""
    plugins: str
    """For plugin configs that it lists: that of the kustomization which wants the plugins, however they are listed."""


class _Walk:
    def __init__(self, tree: Tree, parsed: Parsed) -> None:
        self.tree, self.parsed = tree, parsed
        self.found = Closure()
        self.waiting: list[tuple[_From, Place, Use]] = []
        self.seen: set[tuple[str, _From, bool]] = set()

    def folder(self, start: _From, place: Place, use: Use) -> None:
        """Follow the kustomization of a folder, which is named at `place`."""
        folder, plugin = start.folder, use is Use.PLUGIN
        standing = []
        for name in KUSTOMIZATION_FILES:
            path = f"{folder}/{name}" if folder else name
            if self.tree.blob(path):
                standing.append(path)
            elif self.tree.mode(path) == _LINK:
                self.problem("symlink", f"{path} is a symbolic link, which is not followed", place)
        if not standing:
            path = f"{folder}/{KUSTOMIZATION_FILES[0]}" if folder else KUSTOMIZATION_FILES[0]
            self.missing(path, use, place)
        for path in standing:
            self.contents(path, start, plugin_folder_of if plugin else contents_of)

    def contents(self, path: str, start: _From, read: _Reading) -> None:
        """Follow what a file names."""
        plugins = read is not contents_of
        if (path, start, plugins) in self.seen:
            return
        self.seen.add((path, start, plugins))
        self.found.files[path] = self.tree.blob(path)
        contents = self.parsed.get(read, path, self.tree)
        if isinstance(contents, Unreadable):
            self.found.problems.append(contents)
            return
        self.found.contents.append(contents)
        self.found.problems += contents.problems
        for named in contents.named:
            self.named(named, start, Place(path, named.line))

    def named(self, named: Named, start: _From, place: Place) -> None:
        """Find out what a name means: a file, a folder, something elsewhere, or nothing that stands here."""
        may_be_folder = named.use in _FOLDERS
        path = resolved(start.folder, named.text, place)
        if is_web(named.text) or (isinstance(path, Unreadable) and may_be_folder and "://" in named.text):
            self.remote(named.text, place)
        elif isinstance(path, Unreadable):
            self.found.problems.append(path)
        elif path and self.tree.blob(path):
            self.file(named.use, path, start, place)
        elif may_be_folder and is_remote(named.text):
            self.remote(named.text, place)
        elif self.blocked(path, place):
            return
        elif not path or self.tree.mode(path) == _FOLDER:
            if may_be_folder:
                plugins = start.plugins if named.use is Use.PLUGIN else path
                self.waiting.append((_From(path, plugins), place, named.use))
            else:
                self.problem("kustomize-shape", f"{named.text!r} is a folder where a file is expected", place)
        elif named.use is Use.COMPONENT:
            self.waiting.append((_From(path, path), place, named.use))
        else:
            self.found.above |= not inside(start.folder, path)
            self.missing(path, named.use, place)

    def file(self, use: Use, path: str, start: _From, place: Place) -> None:
        """Add a file that stands in the repository."""
        self.found.above |= not inside(start.folder, path)
        lock = self.parsed.lock(path, self.tree)
        if lock and not (lock == SOPS and use in {Use.VALUE, Use.ENV}):
            self.missing(path, use, place, lock)
            return
        self.found.files[path] = self.tree.blob(path)
        if use is Use.RESOURCE:
            self.found.resources.add(path)
        elif use is Use.PLUGIN:
            self.contents(path, _From(start.plugins, start.plugins), plugins_of)

    def missing(self, path: str, use: Use, place: Place, lock: str = "") -> None:
        """Add a file that can't be read here."""
        known = self.found.missing.get(path)
        uses = frozenset({use}) | (known.uses if known else frozenset())
        self.found.missing[path] = Missing(path, uses, known.place if known else place, lock)

    def blocked(self, path: str, place: Place) -> bool:
        """Return whether a link, a submodule or a file stands in the way to `path`; then that is a problem."""
        for part in [*parents(path), path]:
            mode = self.tree.mode(part)
            if mode == _LINK:
                self.problem("symlink", f"{part} is a symbolic link, which is not followed", place)
            elif mode == _SUBMODULE:
                self.problem("not-rendered", f"{part} is a submodule, whose files are not in this repository", place)
            elif part != path and mode and mode != _FOLDER:
                self.problem("kustomize-shape", f"{part} is a file, so nothing can stand below it", place)
            elif mode:
                continue
            else:
                return False
            return True
        return False

    def remote(self, text: str, place: Place) -> None:
        """Refuse what would have to be fetched."""
        fix = "keep a copy of it in the repository to have it rendered"
        self.problem("not-rendered", f"{text!r} lies elsewhere, and nothing is fetched", place, fix)

    def problem(self, code: str, reason: str, place: Place, fix: str = "") -> None:
        """Add a reason for which nothing is rendered."""
        self.found.problems.append(Unreadable(code, reason, place, fix))

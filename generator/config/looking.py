"""A bounded look at the files of one commit: what a layout is told by, and no more of it than needed."""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

from generator.config.cleaning import NAME_PATTERN
from generator.documents.formats import parse
from generator.documents.tree import Mapping, text
from generator.errors import AssayError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.documents.tree import Node

MOST_FILES = 200
"""Files whose content is looked at."""
MOST_BYTES = 64 * 1024
"""Bytes of one file that are looked at; of a longer file, the whole documents before that."""
CHART = "Chart.yaml"
"""File that makes its folder a chart."""
_BINARY = 1024
KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
MANIFEST_SUFFIXES = (".yaml", ".yml", ".json")
WORKLOADS = frozenset(
    {"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet"}
)
"""Kinds of Kubernetes objects that run software."""
DEPLOYED = WORKLOADS | {"HelmRelease", "Rollout"}
"""Kinds of objects that say what runs, those of others on top of Kubernetes with them."""


def folder_of(path: str) -> str:
    """Return the folder that `path` stands in; empty for the top."""
    return path.rpartition("/")[0]


def name_of(path: str) -> str:
    """Return the last part of `path`."""
    return path.rpartition("/")[2]


def can_be_named(path: str) -> bool:
    """Return whether a configuration can name `path`; one with marks of templates or escapes in it can't."""
    return path.isprintable() and not re.search(r"[\\{}]|^~|^[A-Za-z]:", path)


def join(folder: str, name: str) -> str:
    """Return the path of `name` in `folder`, which may be empty for the top."""
    return f"{folder}/{name}" if folder else name


def above(path: str) -> list[str]:
    """Return the folders that `path` stands in, the nearest first, without the top."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]


def is_name(name: str) -> bool:
    """Return whether `name` can be the name of an environment."""
    return re.fullmatch(NAME_PATTERN, name) is not None


class Looker:
    """The paths of a commit, and the content of as many of its files as may be looked at."""

    def __init__(self, paths: Iterable[str], former: Iterable[str], read: Callable[[str], bytes]) -> None:
        """Keep `paths`, `former` ones that are not among them, and the way to `read` one of `paths`."""
        present = {path for path in paths if can_be_named(path)}
        self.paths: Sequence[str] = sorted(present)
        self.present = frozenset(present)
        self.former: Sequence[str] = sorted({path for path in former if can_be_named(path)} - present)
        self.kustomized = frozenset(folder_of(path) for path in self.paths if name_of(path) in KUSTOMIZATIONS)
        self.charts = frozenset(folder_of(path) for path in self.paths if name_of(path) == CHART)
        self.failed: dict[str, str] = {}
        """Files that could not be read → why."""
        self._read = read
        self._seen: dict[str, tuple[Node, ...]] = {}

    def has_below(self, start: str) -> bool:
        """Return whether a path begins with `start`."""
        place = bisect.bisect_left(self.paths, start)
        return place < len(self.paths) and self.paths[place].startswith(start)

    def documents(self, path: str) -> tuple[Node, ...]:
        """Return the documents of a file; none where it can't be read or enough files were looked at."""
        if path not in self._seen:
            if len(self._seen) >= MOST_FILES:
                return ()
            self._seen[path] = self._parsed(path)
        return self._seen[path]

    def first_line(self, path: str) -> str:
        """Return the first line of a file, without the blanks around it; empty where it can't be read."""
        data = self._content(path)
        return data.decode("utf-8", "replace").strip().partition("\n")[0].strip() if data is not None else ""

    def _parsed(self, path: str) -> tuple[Node, ...]:
        data = self._content(path)
        if data is None:
            return ()
        if b"\0" in data[:_BINARY]:
            self.failed[path] = "no text: encrypted, or made by a program"
            return ()
        if len(data) > MOST_BYTES:
            # Cut after a whole document where there is one: half a document may parse, and mean another thing.
            data = data[: max(data.rfind(b"\n---", 0, MOST_BYTES), 0)]
        documents = parse(data, path)
        # A template is no fault of the file: it is made to be rendered.
        if documents.problem and documents.problem.code != "template":
            line = f"line {documents.problem.place.line}: " if documents.problem.place.line else ""
            self.failed[path] = f"{line}{documents.problem.reason}"
        return documents.roots

    def _content(self, path: str) -> bytes | None:
        try:
            return self._read(path)
        except AssayError as fault:
            self.failed[path] = fault.reason
            return None

    def kinds(self, path: str) -> frozenset[str]:
        """Return the kinds of the Kubernetes objects in a file."""
        roots = self.documents(path)
        return frozenset(text(root, "kind") for root in roots if is_manifest(root))

    def rendered_by(self, path: str, root: str) -> bool:
        """Return whether a kustomization below or at `root`, or a chart, says what becomes of the file `path`."""
        folder = folder_of(path)
        while True:
            below = f"{folder}/".startswith(f"{root}/")
            if folder in self.charts or (below and folder in self.kustomized):
                return True
            if not folder:
                return False
            folder = folder_of(folder)


def is_manifest(root: Node) -> bool:
    """Return whether a document is a Kubernetes object, and no instruction to a tool that runs on files."""
    kind, version = text(root, "kind"), text(root, "apiVersion")
    return isinstance(root, Mapping) and bool(kind and version) and not version.startswith("kustomize.config.k8s.io")

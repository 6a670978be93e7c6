"""What a folder of Kubernetes manifests went through, by plain git commands and PyYAML alone.

It shares no code with the package, and is slow and simple on purpose: for every commit of the first-parent chain the
whole folder is read anew. Try it on a bare clone:
`python tests/real/oracle_rollbacks.py REPOSITORY kubernetes/production kubernetes/staging`.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

Image: TypeAlias = tuple[str, str]
"""Workload (`Kind/NAME`) and container."""
NOISE = {"creationTimestamp", "resourceVersion", "uid", "generation", "managedFields", "selfLink", "namespace"}


@dataclass
class Values:
    """The values of one thing, numbered by the commit at which each came first."""

    first: dict[str, int] = field(default_factory=dict)
    last: str | None = None

    def goes_back(self, value: str, number: int) -> bool:
        """Take in `value`; return whether it is one whose first appearance is earlier than that of the one left."""
        last, self.last = self.last, value
        back = last is not None and value != last and self.first.get(value, number) < self.first[last]
        self.first.setdefault(value, number)
        return back


@dataclass
class Folder:
    """What happened to one folder, by commit."""

    touched: list[str] = field(default_factory=list)
    """Commits that changed a manifest of it, from the first one that left something there."""
    changed: list[str] = field(default_factory=list)
    """Those of them after which it means something else."""
    image_rollbacks: list[str] = field(default_factory=list)
    settings_rollbacks: list[str] = field(default_factory=list)
    simultaneous: list[str] = field(default_factory=list)
    """Commits that brought an image here and to the folder before it, which never had it."""


def git(repository: Path, *arguments: str) -> str:
    """Return what git prints."""
    command = ["git", f"--git-dir={repository}", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "replace")


def chain(repository: Path) -> list[str]:
    """Return the first-parent chain, oldest first."""
    return git(repository, "rev-list", "--first-parent", "--reverse", "HEAD").split()


def listing(repository: Path, commit: str, folder: str) -> dict[str, str]:
    """Return path → blob of the YAML files below `folder`."""
    out = git(repository, "ls-tree", "-r", commit, "--", folder)
    entries = [line.split("\t") for line in out.splitlines()]
    return {path: head.split()[2] for head, path in entries if path.endswith((".yaml", ".yml"))}


def meaning(node: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return a node without what does not count: the order of named items, and what only a cluster writes."""
    if isinstance(node, dict):
        return {k: meaning(v) for k, v in node.items() if k not in NOISE}
    if isinstance(node, list):
        if node and all(isinstance(item, dict) and "name" in item for item in node):
            return {item["name"]: meaning(item) for item in node}
        return [meaning(item) for item in node]
    return node


def containers(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name and image of every container, wherever a pod template stands."""
    waiting: list[Any] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            for key, inner in node.items():
                if key in {"containers", "initContainers"}:
                    yield from ((item["name"], item["image"]) for item in inner)
                else:
                    waiting.append(inner)
        elif isinstance(node, list):
            waiting += node


def read(repository: Path, files: dict[str, str]) -> tuple[dict[Image, str], dict[str, str]]:
    """Return the images, and for each object its whole meaning without the number of replicas."""
    images: dict[Image, str] = {}
    states: dict[str, str] = {}
    for blob in files.values():
        for document in documents(repository, blob):
            name = f"{document['kind']}/{document['metadata']['name']}"
            images |= {(name, container): image for container, image in containers(document)}
            bare = meaning(document)
            bare.get("spec", {}).pop("replicas", None)
            states[name] = json.dumps(bare, sort_keys=True)
    return images, states


@functools.cache
def documents(repository: Path, blob: str) -> tuple[dict[str, Any], ...]:
    """Return the objects of one file, their scalars as text."""
    loaded = yaml.load_all(git(repository, "cat-file", "blob", blob), yaml.CBaseLoader)
    return tuple(d for d in loaded if d)


def scale(repository: Path, files: dict[str, str]) -> dict[str, str]:
    """Return the number of replicas of each object that has one."""
    found = {}
    for blob in files.values():
        for document in documents(repository, blob):
            replicas = document.get("spec", {}).get("replicas")
            if replicas is not None:
                found[f"{document['kind']}/{document['metadata']['name']}"] = replicas
    return found


def follow(repository: Path, folder: str, before: str = "") -> Folder:
    """Return what happened to `folder`; `before` is the folder that versions come from."""
    found = Folder()
    images: dict[Image, str] = {}
    states: dict[str, str] = {}
    replicas: dict[str, str] = {}
    files: dict[str, str] = {}
    image_values: dict[Image, Values] = {}
    state_values: dict[str, Values] = {}
    upstream_first: dict[tuple[Image, str], int] = {}
    for number, commit in enumerate(chain(repository)):
        upstream, _ = read(repository, listing(repository, commit, before)) if before else ({}, {})
        for image in upstream.items():
            upstream_first.setdefault(image, number)
        now = listing(repository, commit, folder)
        if now == files:
            continue
        files = now
        old_images, old_states, old_replicas = images, states, replicas
        images, states = read(repository, files)
        replicas = scale(repository, files)
        found.touched.append(commit)
        if (images, states, replicas) != (old_images, old_states, old_replicas):
            found.changed.append(commit)
        moved = {i: v for i, v in images.items() if old_images.get(i) != v}
        went = any(i not in images for i in old_images if i[0] in states)
        back = [image_values.setdefault(i, Values()).goes_back(v, number) for i, v in moved.items()]
        altered = {s: v for s, v in states.items() if old_states.get(s) != v}
        returned = [state_values.setdefault(s, Values()).goes_back(v, number) for s, v in altered.items()]
        if any(back):
            found.image_rollbacks.append(commit)
        elif not moved and not went and any(returned):
            found.settings_rollbacks.append(commit)
        if upstream and any(upstream_first.get(image) == number for image in moved.items()):
            found.simultaneous.append(commit)
    return found


if __name__ == "__main__":
    result = follow(Path(sys.argv[1]), *sys.argv[2:])
    json.dump({name: getattr(result, name) for name in result.__dataclass_fields__}, sys.stdout, indent=1)

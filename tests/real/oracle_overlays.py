"""What a repository of Kustomize overlays went through: the images of each workload, worked out without Kustomize.

Enough of Kustomize is done by hand to know the images: `resources` and `bases`, patches of a whole object by its kind
and name, and `images`. Files that a kustomization names and git does not have are passed over; where a folder is
missing, nothing is made. No code is shared with the package. Try it on a bare clone, from the folder `tests`:
`python -m real.oracle_overlays REPOSITORY apps/web/environments/stage apps/web/environments/prod`.
"""

from __future__ import annotations

import contextlib
import copy
import json
import posixpath
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from real.oracle_git import Commit, Judged, Step, chain, contents, documents, judged, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Object = dict[str, Any]
Objects = dict[tuple[str, str], Object]
"""Kind and name → object."""
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


@dataclass
class Overlay:
    """One overlay, commit by commit."""

    states: list[tuple[int, Commit, Objects]] = field(default_factory=list, repr=False)
    """All objects after each commit that changed any file of the repository below the folders asked for, from the
    first commit that has the overlay; empty where it went."""

    standing: dict[str, Objects] = field(default_factory=dict, repr=False)
    """Folder → what it last made."""

    def built(self, files: Files, folders: list[str]) -> Objects:
        """Return what all of `folders` make now; what cannot be made stays as it last was."""
        for folder in folders:
            if not files.has(folder):
                self.standing.pop(folder, None)
                continue
            with contextlib.suppress(LookupError):
                self.standing[folder] = files.build(folder)
        return {key: made for folder in folders for key, made in self.standing.get(folder, {}).items()}

    @property
    def images(self) -> list[tuple[int, Commit, dict[str, str]]]:
        """Return `WORKLOAD:CONTAINER` → image after each of those commits."""
        return [(number, commit, images(objects)) for number, commit, objects in self.states]

    @property
    def changed(self) -> list[str]:
        """Return the commits after which some object is another."""
        forms = [(commit.id, json.dumps(sorted(map(str, o.items())))) for _, commit, o in self.states]
        return [c for (c, now), before in zip(forms, ["[]", *(f for _, f in forms)], strict=False) if now != before]

    @property
    def steps(self) -> list[Step]:
        """Return every new image."""
        return list(steps(self.images))


def merge(under: Any, over: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Return an object with a patch laid over it: items of lists by their name, other lists as a whole."""
    if isinstance(under, dict) and isinstance(over, dict):
        both = {key: merge(under[key], over[key]) if key in under else over[key] for key in over}
        return {key: value for key, value in {**under, **both}.items() if value is not None}
    if isinstance(under, list) and isinstance(over, list) and named_items([*under, *over]):
        named: Object = {item["name"]: item for item in under}
        for item in over:
            named[item["name"]] = merge(named.get(item["name"], {}), item)
        return list(named.values())
    return over


def named_items(items: list[Any]) -> bool:
    """Return whether all items of a list have a name."""
    return bool(items) and all(isinstance(item, dict) and isinstance(item.get("name"), str) for item in items)


def containers(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever YAML holds
    """Yield every container, wherever a pod template stands."""
    if isinstance(node, dict):
        for key, inner in node.items():
            if key in {"containers", "initContainers"} and isinstance(inner, list):
                yield from inner
            else:
                yield from containers(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from containers(inner)


def component(kind: str, name: str) -> str:
    """Return how docs/readers.md names a workload."""
    return f"{kind.lower()}/{name}" if kind in {"Job", "CronJob"} else name


def images(objects: Objects) -> dict[str, str]:
    """Return `WORKLOAD:CONTAINER` → image."""
    return {
        f"{component(kind, name)}:{container['name']}": container["image"]
        for (kind, name), found in objects.items()
        for container in containers(found)
        if "image" in container
    }


def renamed(image: str, rules: list[dict[str, str]]) -> str:
    """Return an image after the `images` of a kustomization."""
    name, colon, tag = image.rpartition(":")
    if not colon or "/" in tag:
        name, colon, tag = image, "", ""
    for rule in rules:
        if rule["name"] == name:
            name = rule.get("newName", name)
            if "newTag" in rule:
                colon, tag = ":", rule["newTag"]
    return f"{name}{colon}{tag}"


class Files:
    """The files of the repository at one commit."""

    def __init__(self, parsed: Mapping[str, list[Any] | None]) -> None:
        """Start without any; `parsed` is blob → documents."""
        self.parsed = parsed
        self.now: dict[str, str] = {}

    def read(self, path: str) -> list[Any]:
        """Return the documents of a file, none where it is not in git."""
        return self.parsed.get(self.now.get(path, "")) or []

    def has(self, folder: str) -> bool:
        """Return whether there is a kustomization."""
        return any(f"{folder}/{name}" in self.now for name in NAMES)

    def build(self, folder: str) -> Objects:
        """Return what a kustomization makes; `LookupError` where a folder that it names has none."""
        held = next((d[0] for name in NAMES if (d := self.read(f"{folder}/{name}"))), None)
        objects: Objects = {}
        if held is None:
            if not folder.endswith((".yaml", ".yml")):
                raise LookupError(folder)
            return objects
        for entry in [*(held.get("resources") or []), *(held.get("bases") or [])]:
            path = posixpath.normpath(f"{folder}/{entry}")
            found = [d for d in self.read(path) if isinstance(d, dict) and "kind" in d]
            objects |= {(d["kind"], d["metadata"]["name"]): copy.deepcopy(d) for d in found} or self.build(path)
        for patch in self.patches(folder, held):
            key = patch.get("kind", ""), patch.get("metadata", {}).get("name", "")
            if patch.get("$patch") == "delete":
                objects.pop(key, None)
            elif key in objects:
                objects[key] = merge(objects[key], patch)
        for made in objects.values():
            for container in containers(made):
                if "image" in container:
                    container["image"] = renamed(container["image"], held.get("images") or [])
        return objects

    def patches(self, folder: str, held: Object) -> Iterator[Object]:
        """Yield the patches that are objects: a patch of single paths is none."""
        for patch in [*(held.get("patchesStrategicMerge") or []), *(held.get("patches") or [])]:
            given: Object = patch if isinstance(patch, dict) else {"patch" if "\n" in patch else "path": patch}
            read = documents(given.get("patch", "").encode()) or []
            if "path" in given:
                read = self.read(posixpath.normpath(f"{folder}/{given['path']}"))
            target = given.get("target") or {}
            named = {"kind", "name"} <= target.keys()
            as_target = {"kind": target["kind"], "metadata": {"name": target["name"]}} if named else {}
            yield from (merge(found, as_target) for found in read if isinstance(found, dict))

    def below(self, folders: Iterable[str]) -> Objects:
        """Return what plain manifests anywhere below `folders` say."""
        inside = [p for p in sorted(self.now) if p.startswith(tuple(f"{folder}/" for folder in folders))]
        found = (d for path in inside if path.endswith((".yaml", ".yml")) for d in self.read(path))
        return {(d["kind"], d["metadata"]["name"]): d for d in found}


def follow(repository: Path, environments: list[list[str]], *paths: str, plain: bool = False) -> list[Overlay]:
    """Return what each environment went through; nothing outside `paths` counts.

    An environment is what all of its folders make, or hold where the manifests are `plain`.
    """
    commits = chain(repository, "HEAD", *paths)
    files = Files({b: documents(d) for b, d in contents(repository, commits).items()})
    found = [Overlay() for _ in environments]
    for number, commit in enumerate(commits):
        for path, blob in commit.changes.items():
            if blob:
                files.now[path] = blob
            else:
                files.now.pop(path, None)
        for folders, overlay in zip(environments, found, strict=True):
            built = files.below(folders) if plain else overlay.built(files, folders)
            if built or overlay.states:
                overlay.states.append((number, commit, built))
    return found


def assessed(production: Overlay, upstream: Overlay) -> list[Judged]:
    """Return each new image of production, and what its upstream makes of it."""
    return judged(production.steps, upstream.steps, ((number, now) for number, _, now in upstream.states))


def main(repository: Path, folders: list[str]) -> None:
    """Print the numbers of each folder, the first of which is the upstream of the others."""
    tops = sorted({folder.partition("/")[0] for folder in folders})
    found = follow(repository, [[folder] for folder in folders], *tops)
    for folder, overlay in zip(folders, found, strict=True):
        kinds = Counter(s.kind for s in overlay.steps)
        last = overlay.images[-1][2]
        print(folder, "seen", len(overlay.states), "changed", len(overlay.changed), dict(kinds), len(last))  # noqa: T201 - a script
        print(" ", dict(Counter(j.verdict for j in assessed(overlay, found[0]))))  # noqa: T201 - a script
        for step in overlay.steps:
            if step.kind in {"rollback", "redo"}:
                print(" ", step.commit[:8], step.kind, step.thing, step.value)  # noqa: T201 - a script


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

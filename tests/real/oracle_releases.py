"""What a repository whose releases are tags went through: the order of the tags, and the images of each.

No code is shared with the package. Try it on a bare clone, from the folder `tests`:
`python -m real.oracle_releases REPOSITORY '*.*.*' docker-compose.yml`.
"""

from __future__ import annotations

import fnmatch
import itertools
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from real.oracle_git import Commit, Step, blobs, documents, steps, text


@dataclass(frozen=True)
class Release:
    """One tag."""

    tag: str
    commit: Commit
    blobs: tuple[str, ...]
    """Ids of the files that the release is read from, empty where one is not there."""
    images: dict[str, str]
    """Service, or `WORKLOAD:CONTAINER`, → image; as it last was where the release cannot be read."""
    readable: bool = True


def ordered(repository: Path, pattern: str) -> list[tuple[str, str, int]]:
    """Return tag, commit and its time of the tags that match, by ancestry, else by commit time."""
    names = [t for t in text(repository, "tag", "--list").split() if fnmatch.fnmatchcase(t, pattern)]
    heads = {}
    for name in names:
        commit, time = text(repository, "log", "-1", "--format=%H %ct", f"{name}^{{commit}}").split()
        heads[name] = commit, int(time)
    reach = {name: set(text(repository, "rev-list", commit).split()) for name, (commit, _) in heads.items()}
    waiting, found = set(names), list[tuple[str, str, int]]()
    while waiting:
        ready = [n for n in waiting if not any(heads[o][0] in reach[n] for o in waiting if heads[o][0] != heads[n][0])]
        name = min(ready, key=lambda n: (heads[n][1], n))
        found.append((name, *heads[name]))
        waiting.remove(name)
    return found


def interpolated(value: str, variables: dict[str, str]) -> str:
    """Return a value of a compose file with its variables filled: `$NAME`, `${NAME}`, `${NAME:-default}`."""

    def fill(match: re.Match[str]) -> str:
        name, default = match["plain"] or match["name"], match["default"] or ""
        return variables.get(name) or default

    return re.sub(r"\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?::?-(?P<default>[^}]*))?\})", fill, value)


def compose_images(compose: bytes, env: bytes) -> dict[str, str]:
    """Return service → image of a compose file, its variables filled from the `.env` beside it.

    What is built, and has no name for what comes of it, is the folder that it is built from.
    """
    pairs = (line.partition("=") for line in env.decode().splitlines() if "=" in line and not line.startswith("#"))
    variables = {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}
    (model,) = documents(compose) or [{}]
    services: dict[str, Any] = model.get("services", {})
    built = {n: s["build"] for n, s in services.items() if "build" in s}
    folders = {n: f"build {b['context'] if isinstance(b, dict) else b}" for n, b in built.items()}
    return folders | {n: interpolated(s["image"], variables) for n, s in services.items() if s.get("image")}


def manifest_images(manifests: bytes, _: bytes) -> dict[str, str] | None:
    """Return `WORKLOAD:CONTAINER` → image of a file of manifests, `None` where it cannot be read."""
    found = {}
    read = documents(manifests)
    for document in read or []:
        pod = document.get("spec", {}).get("template", {}).get("spec", {})
        for container in [*pod.get("initContainers", []), *pod.get("containers", [])]:
            found[f"{document['metadata']['name']}:{container['name']}"] = container["image"]
    return found if read is not None else None


def releases(repository: Path, pattern: str, path: str, beside: str = ".env") -> list[Release]:
    """Return the releases, oldest first; what cannot be read stays as it last was."""
    found: list[Release] = []
    read = manifest_images if path.endswith("manifests.yaml") else compose_images
    for tag, commit, time in ordered(repository, pattern):
        lines = text(repository, "ls-tree", commit, "--", path, beside).splitlines()
        ids = {line.split("\t")[1]: line.split()[2] for line in lines}
        data = blobs(repository, ids.values())
        contents = [data.get(ids.get(name, ""), b"") for name in (path, beside)]
        images = read(contents[0], contents[1]) if path in ids else {}
        known = found[-1].images if images is None else images
        both = tuple(ids.get(name, "") for name in (path, beside))
        found.append(Release(tag, Commit(commit, time, {}), both, known, readable=images is not None))
    return found


def image_steps(found: list[Release]) -> list[Step]:
    """Return every new image, in the order of the releases."""
    return list(steps((number, release.commit, release.images) for number, release in enumerate(found)))


def main(repository: Path, pattern: str, path: str) -> None:
    """Print the numbers."""
    found = releases(repository, pattern, path)
    print(len(found), "tags,", len({r.commit.id for r in found}), "commits:", *(r.tag for r in found))  # noqa: T201 - a script
    pairs = list(itertools.pairwise(found))
    print("other files", sum(a.blobs != b.blobs for a, b in pairs))  # noqa: T201 - a script
    print("other images", sum(a.images != b.images for a, b in pairs))  # noqa: T201 - a script
    kinds = [s.kind for s in image_steps(found)]
    print({kind: kinds.count(kind) for kind in ("initial", "forward", "rollback", "redo", "gap")})  # noqa: T201 - a script
    for step in image_steps(found):
        if step.kind in {"rollback", "redo"}:
            print(" ", found[int(step.number)].tag, step.kind, step.thing, step.value)  # noqa: T201 - a script
    print(json.dumps(found[-1].images, indent=1))  # noqa: T201 - a script


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])

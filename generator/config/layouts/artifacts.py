"""Keys that name an artifact: looked for in some of the files of a layout."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from generator.config.looking import is_manifest
from generator.documents.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.config.looking import Looker

SAMPLE = 12
"""Files of a layout that are looked at."""
_TELLING = ("image_tag", "imageTag", "image.tag", "docker_tag", "image_version", "imageVersion", "image.version")
_WEAK = ("tag", "image", "version", "appVersion", "app_version")
_MOST_KEYS = 8
_DEEPEST_KEY = 4
_DEEPEST_LAYERED_KEY = 6
_WITH_VERSION = re.compile(r".+[:@].*[0-9].*")


def is_telling(key: str) -> bool:
    """Return whether a key says by itself that it names an artifact."""
    return key.endswith(_TELLING)


def spread(paths: Sequence[str], most: int = SAMPLE) -> list[str]:
    """Return `most` paths from all over the list, so that no single environment stands for all."""
    if len(paths) <= most:
        return list(paths)
    return [paths[place * len(paths) // most] for place in range(most)]


def artifact_keys(looker: Looker, path: str) -> list[str]:
    """Return the keys of a file that can name an artifact, the best first; none for a Kubernetes manifest."""
    found: dict[str, tuple[int, int]] = {}
    for key in _scalars(looker, path, _DEEPEST_KEY):
        for place, word in enumerate([*_TELLING, *_WEAK]):
            if key == word or (word in _TELLING and key.endswith(f".{word}")):
                found.setdefault(key, (place, key.count(".")))
    return sorted(found, key=lambda key: (found[key], key))


def cover(keys: list[list[str]]) -> tuple[str, ...]:
    """Return as few keys as name the artifact of every file, those of most files first."""
    chosen: list[str] = []
    left = keys
    while left:
        counted = Counter(key for found in left for key in found)
        first = {key: min(found.index(key) for found in left if key in found) for key in counted}
        best = min(counted, key=lambda key: (-counted[key], first[key], key))
        chosen.append(best)
        left = [found for found in left if best not in found]
    return tuple(chosen)


def layered_artifact_keys(looker: Looker, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that name artifacts in layers of values, those of most files first.

    A `version` counts where an `image` stands beside it, and an `image` where it names its version or that one does.
    """
    counted: Counter[str] = Counter()
    for path in spread(sorted(paths), 2 * SAMPLE):
        values = _scalars(looker, path, _DEEPEST_LAYERED_KEY)
        for key, value in values.items():
            parent, _, last = key.rpartition(".")
            beside = {k.rpartition(".")[2] for k in values if k.rpartition(".")[0] == parent}
            paired = (last in {"version", "tag"} and "image" in beside) or (
                last == "image" and bool({"version", "tag"} & beside)
            )
            named = last == "image" and _WITH_VERSION.fullmatch(value)
            if paired or named or is_telling(key) or (last == "tag" and parent.endswith("image")):
                counted[key] += 1
    return tuple(sorted(counted, key=lambda key: (-counted[key], key))[:_MOST_KEYS])


def _scalars(looker: Looker, path: str, deepest: int) -> dict[str, str]:
    """Return the values of a file by their keys, but those in lists; none for a Kubernetes manifest."""
    found = {}
    for root in looker.documents(path):
        if is_manifest(root):
            return {}
        for key, scalar in leaves(root):
            if "[" not in key and key.count(".") < deepest and not scalar.null and scalar.text:
                found[key] = scalar.text
    return found

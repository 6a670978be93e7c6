"""Layouts with one file for each environment that lists the versions of all its components."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, is_word, rank, span
from generator.config.findings import Confidence, Found, in_model, listed
from generator.config.looking import folder_of, is_manifest, is_name, join, name_of
from generator.config.schema import ModelSource
from generator.documents.tree import Mapping, Node, Scalar

if TYPE_CHECKING:
    from generator.config.looking import Looker

_SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".env")
_MOST_TEMPLATES = 8
_VERSION = re.compile(r"(?:.*[:@])?[vV]?[0-9]+(?:[.-][0-9A-Za-z+_.-]*)?|[0-9a-f]{7,64}|.*@sha256:[0-9a-f]+|.+:[\w.-]+")
_ARTIFACTS = ("version", "tag", "image_tag", "imageTag", "image")
_LISTS = re.compile(r"(?:.*[_-])?(?:apps|applications|artifacts|charts|components|images|services|tags|versions)")


def find_versions(looker: Looker) -> Found | None:
    """Return the environments whose files list a version for each component."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for path in looker.paths:
        if path.endswith(_SUFFIXES) and "compose" not in name_of(path):
            for word, template in _readings(path):
                groups[template][word] = path
    fitting = [group for group in groups.items() if len(group[1]) > 1]
    for template, files in sorted(fitting, key=lambda group: (-len(group[1]), group[0]))[:_MOST_TEMPLATES]:
        found = _of_template(looker, template, files)
        if found:
            return found
    return None


def _readings(path: str) -> list[tuple[str, str]]:
    """Return (environment, path template) where a file or the folder it stands in is called by an environment."""
    folder, name = folder_of(path), name_of(path)
    stem, dot, suffix = name.rpartition(".")
    found = []
    if (inside := span(stem)) and is_word(stem[slice(*inside)]):
        marked = f"{stem[: inside[0]]}{{environment}}{stem[inside[1] :]}"
        found.append((stem[slice(*inside)], join(folder, f"{marked}{dot}{suffix}")))
    if is_word(name_of(folder)):
        found.append((name_of(folder), join(folder_of(folder), f"{{environment}}/{name}")))
    return found


def _of_template(looker: Looker, template: str, files: dict[str, str]) -> Found | None:
    told: dict[str, tuple[str, str]] = {}
    for word, path in files.items():
        roots = looker.documents(path)
        listing = _listing(roots[0]) if len(roots) == 1 else None
        if listing is None and path not in looker.failed:
            return None
        if listing:
            told[word] = listing
    keys = set(told.values())
    if len({components for components, _ in keys}) != 1:
        return None
    components = min(keys)[0]
    artifact = sorted({key for _, key in keys} - {""})
    names = in_order(name for name in files if is_name(name))
    where = "at its top" if components == "." else f"under `{components}`"
    complete = len(told) == len(files) and any(rank(name) == PRODUCTION_RANK for name in names)
    confidence: Confidence = "sure" if complete and components != "." else "likely"
    source = ModelSource(reader="values", templates=(template,), components=components, artifact=tuple(artifact))
    reason = f"{listed([files[name] for name in names])} each list versions {where}."
    return Found(in_model(names), (reason,), confidence, (source,), "files of versions")


def _listing(root: Node) -> tuple[str, str] | None:
    """Return the key under which a file lists versions, and that of the artifact in each; `None` where it doesn't."""
    if not isinstance(root, Mapping) or is_manifest(root):
        return None
    for key, node in root.entries.items():
        artifact = _artifact(node) if _LISTS.fullmatch(key.lower()) else None
        if artifact is not None:
            return key, artifact
    artifact = _artifact(root)
    return (".", artifact) if artifact is not None and len(root.entries) > 1 else None


def _artifact(node: Node) -> str | None:
    """Return the key that names the version of each entry; empty where the entry is it; `None` where there is none."""
    entries = list(node.entries.values()) if isinstance(node, Mapping) else []
    if not entries:
        return None
    if all(isinstance(entry, Scalar) and _VERSION.fullmatch(entry.text) for entry in entries):
        return ""
    for key in _ARTIFACTS:
        found = [entry.entries.get(key) if isinstance(entry, Mapping) else None for entry in entries]
        if all(isinstance(entry, Scalar) and not entry.null for entry in found):
            return key
    return None

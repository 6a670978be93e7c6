"""Layouts of values files: one a component and environment, found by a path template, naming an artifact."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, rank, span
from generator.config.findings import Confidence, Found, listed
from generator.config.looking import KUSTOMIZATIONS, is_manifest, is_name, name_of
from generator.config.schema import ModelSource
from generator.documents.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.config.looking import Looker

_SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".env")
_TELLING = ("image_tag", "imageTag", "image.tag", "docker_tag", "image_version", "imageVersion", "image.version")
_WEAK = ("tag", "image", "version", "appVersion", "app_version")
_MOST_TEMPLATES = 6
_SAMPLE = 12
_DEEPEST_KEY = 4

Members = dict[tuple[str, str], str]
"""(environment, component) → path."""


def find_values(looker: Looker) -> Found | None:
    """Return the environments of the path template that most files fit and whose files name an artifact."""
    groups = _groups(looker.paths)
    fitting = {template: members for template, members in groups.items() if _compares(members)}
    ranked = sorted(fitting, key=lambda template: (-len(fitting[template]), -template.find("{component}"), template))
    for template in ranked[:_MOST_TEMPLATES]:
        found = _of_template(looker, template, fitting[template])
        if found:
            return found
    return None


def _groups(paths: Iterable[str]) -> dict[str, Members]:
    groups: dict[str, Members] = defaultdict(dict)
    for path in paths:
        for template, environment, component in _templates(path):
            groups[template][environment, component] = path
    return groups


def _compares(members: Members) -> bool:
    """Return whether there are two environments with a component in common."""
    by_component = Counter(component for _, component in members)
    return any(count > 1 for count in by_component.values())


def _templates(path: str) -> Iterator[tuple[str, str, str]]:
    """Yield each way to read a path as a template, with the environment and the component that it then names."""
    stem, suffix = _split(path)
    if name_of(path) in KUSTOMIZATIONS or "{" in path or "}" in path or (not suffix and "." in name_of(path)):
        return
    parts = stem.split("/")
    for place, part in enumerate(parts):
        inside = span(part) if place == len(parts) - 1 else ((0, len(part)) if rank(part) is not None else None)
        if inside is None or not is_name(part[slice(*inside)]):
            continue
        environment = part[slice(*inside)]
        marked = f"{part[: inside[0]]}{{environment}}{part[inside[1] :]}"
        for other, component in enumerate(parts):
            if other != place and component:
                template = [*parts]
                template[place], template[other] = marked, "{component}"
                yield "/".join(template) + suffix, environment, component


def _split(path: str) -> tuple[str, str]:
    for suffix in _SUFFIXES:
        if path.endswith(suffix) and name_of(path) != suffix:
            return path[: -len(suffix)], suffix
    return path, ""


def _of_template(looker: Looker, template: str, members: Members) -> Found | None:
    sample = _spread(sorted(members.values()), _SAMPLE)
    keys = {path: found for path in sample if (found := _artifact_keys(looker, path))}
    if 2 * len(keys) < len(sample):
        return None
    artifact = _cover(list(keys.values()))
    names = {environment for environment, _ in members}
    components = {component for _, component in members}
    gone = _gone(_groups(looker.former).get(template, {}), names, components)
    telling = any(key.endswith(_TELLING) for key in artifact)
    confidence: Confidence = "guess"
    if telling:
        complete = len(keys) == len(sample) and any(rank(name) == PRODUCTION_RANK for name in names)
        confidence = "sure" if complete else "likely"
    reasons = [
        f"{len(members)} files fit `{template}`, with {len(components)} components in {listed(in_order(names))}.",
        f"The artifact stands under {listed(artifact)} in {len(keys)} of the {len(sample)} files looked at.",
    ]
    if gone:
        reasons.append(f"{listed(in_order(gone))} stood there earlier in the history.")
    source = ModelSource(reader="values", template=template, artifact=artifact)
    return Found(dict.fromkeys(in_order(names | gone), ""), tuple(reasons), confidence, (source,))


def _gone(former: Members, names: set[str], components: set[str]) -> set[str]:
    return {environment for environment, component in former if environment not in names and component in components}


def _spread(paths: list[str], most: int) -> list[str]:
    """Return `most` paths from all over the list, so that no single environment stands for all."""
    if len(paths) <= most:
        return paths
    return [paths[place * len(paths) // most] for place in range(most)]


def _artifact_keys(looker: Looker, path: str) -> list[str]:
    """Return the keys of a file that can name an artifact, the best first; none for a Kubernetes manifest."""
    found: dict[str, tuple[int, int]] = {}
    for root in looker.documents(path):
        if is_manifest(root):
            return []
        for key, scalar in leaves(root):
            if "[" in key or key.count(".") >= _DEEPEST_KEY or scalar.null or not scalar.text:
                continue
            for place, word in enumerate([*_TELLING, *_WEAK]):
                if key == word or (word in _TELLING and key.endswith(f".{word}")):
                    found.setdefault(key, (place, key.count(".")))
    return sorted(found, key=lambda key: (found[key], key))


def _cover(keys: list[list[str]]) -> tuple[str, ...]:
    """Return as few keys as name the artifact of every file, those of most files first."""
    cover: list[str] = []
    left = keys
    while left:
        counted = Counter(key for found in left for key in found)
        first = {key: min(found.index(key) for found in left if key in found) for key in counted}
        best = min(counted, key=lambda key: (-counted[key], first[key], key))
        cover.append(best)
        left = [found for found in left if best not in found]
    return tuple(cover)

"""Layouts of values files: one a component and environment, found by a path template, naming an artifact."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from generator.config.environment_words import PRODUCTION_RANK, in_order, rank, span
from generator.config.findings import Confidence, Found, in_model, listed
from generator.config.layouts.artifacts import artifact_keys, cover, is_telling, spread
from generator.config.looking import KUSTOMIZATIONS, is_name, name_of
from generator.config.schema import ModelSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.config.looking import Looker

_SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".env")
_MOST_TEMPLATES = 6

Members = dict[tuple[str, str], str]
"""(environment, component) → path."""


def find_values(looker: Looker) -> Found | None:
    """Return the environments of the path template that most files fit and whose files name an artifact."""
    groups = template_groups(looker.paths)
    fitting = {template: members for template, members in groups.items() if _compares(members)}
    ranked = sorted(fitting, key=lambda template: (-len(fitting[template]), -template.find("{component}"), template))
    for template in ranked[:_MOST_TEMPLATES]:
        found = _of_template(looker, template, fitting[template])
        if found:
            return found
    return None


def template_groups(paths: Iterable[str]) -> dict[str, Members]:
    """Return path template → the files that fit it, for every way to read `paths` as one."""
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
    sample = spread(sorted(members.values()))
    keys = {path: found for path in sample if (found := artifact_keys(looker, path))}
    if 2 * len(keys) < len(sample):
        return None
    artifact = cover(list(keys.values()))
    names = {environment for environment, _ in members}
    components = {component for _, component in members}
    gone = _gone(template_groups(looker.former).get(template, {}), names, components)
    confidence: Confidence = "guess"
    if any(is_telling(key) for key in artifact):
        read = len(keys) == len([path for path in sample if path not in looker.failed])
        complete = read and any(rank(name) == PRODUCTION_RANK for name in names)
        confidence = "sure" if complete else "likely"
    reasons = [
        f"{len(members)} files fit `{template}`, with {len(components)} components in {listed(in_order(names))}.",
        f"The artifact stands under {listed(artifact)} in {len(keys)} of the {len(sample)} files looked at.",
    ]
    if gone:
        reasons.append(f"{listed(in_order(gone))} stood there earlier in the history.")
    source = ModelSource(reader="values", templates=(template,), artifact=artifact)
    return Found(in_model(names | gone), tuple(reasons), confidence, (source,), "values files")


def _gone(former: Members, names: set[str], components: set[str]) -> set[str]:
    return {environment for environment, component in former if environment not in names and component in components}
